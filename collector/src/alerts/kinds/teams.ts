import type { AlertMessage, Delivery } from '../channel.ts'
import { json, post } from '../post.ts'
import { targetOf } from '../target.ts'
import { clip, suppressedWords, type Words, wordsOf } from '../words.ts'

/** Documented limit of a message to a Workflows address. Source: Microsoft Teams, incoming webhooks. */
const MAX_BYTES = 28 * 1024
const LONGEST = 2_000

/** Posts an Adaptive Card to the address of a Teams workflow, which is the secret. */
export function teams(settings: { readonly url: string }): Delivery {
  const url = targetOf(settings.url, 'urlFile')
  return {
    deliver: (message, signal) =>
      post({ url, ...json(cardMessage(message)), at: message.at, maxBytes: MAX_BYTES }, signal),
  }
}

function cardMessage(message: AlertMessage): unknown {
  const words = message.kind === 'finding' ? wordsOf(message) : suppressedWords(message)
  return {
    type: 'message',
    attachments: [
      {
        contentType: 'application/vnd.microsoft.card.adaptive',
        contentUrl: null,
        content: card(words),
      },
    ],
  }
}

function card({ headline, facts, sentences, proof, link }: Words): unknown {
  return {
    $schema: 'http://adaptivecards.io/schemas/adaptive-card.json',
    type: 'AdaptiveCard',
    version: '1.4',
    body: [
      block(headline, { size: 'Medium', weight: 'Bolder' }),
      {
        type: 'FactSet',
        facts: facts.map(([title, value]) => ({ title, value: plain(clip(value, LONGEST)) })),
      },
      ...sentences.map((sentence) => block(sentence)),
      ...(proof === undefined ? [] : [block(proof, { fontType: 'Monospace' })]),
    ],
    ...(link === undefined
      ? {}
      : { actions: [{ type: 'Action.OpenUrl', title: 'Finding', url: link }] }),
  }
}

function block(text: string, more: object = {}): unknown {
  return { type: 'TextBlock', text: plain(clip(text, LONGEST)), wrap: true, ...more }
}

/** A card reads Markdown: nobody's name makes a link or an emphasis. */
function plain(text: string): string {
  return text.replaceAll(/[\\`*_[\]()#]/g, '\\$&')
}

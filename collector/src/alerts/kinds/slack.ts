import type { AlertMessage, Delivery } from '../channel.ts'
import { json, post } from '../post.ts'
import { targetOf } from '../target.ts'
import { clip, suppressedWords, wordsOf } from '../words.ts'

/** Slack's documented limits, in characters. Source: Block Kit reference, section and header blocks. */
const HEADER = 150
const SECTION = 3_000
const FIELD = 2_000
const FIELDS = 10

/** Posts Block Kit to an incoming webhook, whose address is the secret. */
export function slack(settings: { readonly url: string }): Delivery {
  const url = targetOf(settings.url, 'urlFile')
  return {
    deliver: (message, signal) =>
      post({ url, ...json(slackMessage(message)), at: message.at }, signal),
  }
}

function slackMessage(message: AlertMessage): unknown {
  const words = message.kind === 'finding' ? wordsOf(message) : suppressedWords(message)
  const { headline, facts, sentences, proof, link } = words
  const fields = facts
    .slice(0, FIELDS)
    .map(([name, value]) => mrkdwn(`*${escaped(name)}*\n${escaped(value)}`, FIELD))
  return {
    // For notifications, and for whoever shows no blocks.
    text: clip(escaped(headline), SECTION),
    blocks: [
      { type: 'header', text: { type: 'plain_text', text: clip(headline, HEADER), emoji: false } },
      ...(headline.length > HEADER ? [section(escaped(headline))] : []),
      { type: 'section', fields },
      ...sentences.map((sentence) => section(escaped(sentence))),
      ...(proof === undefined ? [] : [section(`\`\`\`${escaped(proof)}\`\`\``)]),
      ...(link === undefined ? [] : [section(`<${escaped(link)}|Finding>`)]),
    ],
  }
}

function section(text: string): unknown {
  return { type: 'section', text: mrkdwn(text, SECTION) }
}

function mrkdwn(text: string, longest: number): unknown {
  return { type: 'mrkdwn', text: clip(text, longest) }
}

/** The three characters that Slack takes for markup: nobody's name makes a link or calls a channel. */
function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
}

import type { IconName } from '../../shared/icon.tsx'
import { shortHash } from '../../shared/short.ts'
import {
  actionSentence,
  approvalSentence,
  decisionSentence,
  linkSentence,
} from '../chain/step-sentences.ts'
import type { CaseItem, CaseThing } from './documents.ts'

/** How a kind of thing is called and drawn. */
export const KINDS: Readonly<
  Record<CaseThing['kind'], { readonly name: string; readonly icon: IconName }>
> = {
  FINDING: { name: 'finding', icon: 'inbox' },
  CHAIN: { name: 'chain', icon: 'chain' },
  LINK: { name: 'link', icon: 'chain' },
  ACTION: { name: 'action', icon: 'play' },
  APPROVAL: { name: 'approval', icon: 'check' },
  AGENT: { name: 'agent', icon: 'agent' },
  DECISION: { name: 'decision', icon: 'scales' },
}

/** Where a thing is looked at. */
export type Where =
  | { readonly screen: 'finding' | 'agent' | 'decision' }
  | { readonly screen: 'chain'; readonly chain: string; readonly select?: string }

export interface SubjectWords {
  /** What the thing's own screen says of it. */
  readonly sentence: string
  /** When it happened, where that is known. */
  readonly at?: string | null
  /** Absent where there is nothing to look at. */
  readonly where?: Where
  /** The evidence of it is gone, or it is not known. */
  readonly isGone?: true
}

/** Hops of a chain that are named. */
const NAMED = 6

export function subjectWords({ id, subject }: Pick<CaseItem, 'id' | 'subject'>): SubjectWords {
  switch (subject.__typename) {
    case 'Finding': {
      const withdrawn = subject.findingState === 'WITHDRAWN' ? ', withdrawn' : ''
      return {
        sentence: `${subject.rule}: ${subject.title}${withdrawn}`,
        at: subject.happenedAt,
        where: { screen: 'finding' },
      }
    }
    case 'Chain':
      return { sentence: chainSentence(subject), where: { screen: 'chain', chain: id } }
    case 'Link':
      return {
        sentence: `${linkSentence(subject)}, hop ${subject.depth}`,
        at: subject.issuedAt,
        ...inChain(subject.chain, id),
      }
    case 'Action':
      return { sentence: actionSentence(subject), at: subject.at, ...inChain(subject.chain, id) }
    case 'Approval': {
      const { approvalAnswer: decision, approvedTool: tool, issuedAt, link } = subject
      return {
        sentence: approvalSentence({ ...subject, decision, tool }),
        at: issuedAt,
        ...inChain(link?.chain, id),
      }
    }
    case 'Agent':
      return { sentence: subject.name, where: { screen: 'agent' } }
    case 'Decision': {
      const tool = subject.decidedTool ?? 'an action'
      return {
        sentence: decisionSentence({ ...subject, tool }),
        at: subject.decidedAt,
        where: { screen: 'decision' },
      }
    }
    case 'NotFoundError':
      return { sentence: goneSentence(subject), isGone: true }
  }
}

/** Of a thing of which the case does not say more, as it was taken out since. */
export function nameOf({ kind, id }: CaseThing): string {
  return `${KINDS[kind].name} ${kind === 'AGENT' ? id : shortHash(id)}`
}

function chainSentence({
  principal,
  hops,
}: {
  readonly principal: { readonly name: string } | null
  readonly hops: readonly { readonly delegate: { readonly name: string } | null }[]
}): string {
  const names = [principal, ...hops.map(({ delegate }) => delegate)].map(
    (party) => party?.name ?? 'unknown',
  )
  const more = names.length > NAMED ? [`${names.length - NAMED} more`] : []
  return [...names.slice(0, NAMED), ...more].join(' → ')
}

function goneSentence({
  message,
  trimmedAt,
}: {
  readonly message: string
  readonly trimmedAt: string | null
}): string {
  return trimmedAt === null
    ? message
    : `Its evidence was trimmed on ${trimmedAt.slice(0, 10)}: it is older than what is kept`
}

function inChain(
  chain: { readonly id: string } | null | undefined,
  select: string,
): { readonly where?: Where } {
  return chain == null ? {} : { where: { screen: 'chain', chain: chain.id, select } }
}

import { signatureWord } from '../../shared/link-words.ts'
import { counted, shortHash, toolName } from '../../shared/short.ts'
import { clockTime, duration } from '../../shared/time.ts'
import type { ChainAction, ChainLink } from './documents.ts'
import { pathTo } from './path.ts'
import { cameTooLate, chipOfAction, chipsOfLink, isUnexplained } from './scope-funnel.ts'

/** The line above a chain: who handed on to whom, and how much of it is in order. */
export interface ChainSentence {
  /** `alice`, `planner`, `worker`; an ellipsis stands for those between, where there are many. */
  readonly names: readonly string[]
  /** `2 hops`, `1 trace`, `2 m 41 s`. */
  readonly counts: readonly string[]
  /** What is not in order; empty where everything is. */
  readonly troubles: readonly string[]
}

const MAX_NAMES = 7

export function sentenceOf(
  links: readonly ChainLink[],
  actions: readonly ChainAction[],
): ChainSentence {
  const traces = new Set(actions.map(({ traceId }) => traceId)).size
  const times = [
    ...links.flatMap(({ issuedAt }) => issuedAt ?? []),
    ...actions.flatMap(({ at, endedAt }) => [at, endedAt ?? at]),
  ].map((instant) => Date.parse(instant))
  const agents = new Set([
    ...links.flatMap(({ delegate }) => delegate?.id ?? []),
    ...actions.flatMap(({ agent }) => agent?.id ?? []),
  ]).size
  const first = times.reduce((a, b) => Math.min(a, b), Number.POSITIVE_INFINITY)
  const last = times.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY)
  return {
    names: namesOf(links),
    counts: [
      counted(links.length, 'hop'),
      counted(agents, 'agent'),
      counted(actions.length, 'call'),
      counted(traces, 'trace'),
      ...(last > first ? [duration(last - first)] : []),
    ],
    troubles: troublesOf(links, actions),
  }
}

function namesOf(links: readonly ChainLink[]): string[] {
  const [root] = links
  if (root === undefined) return []
  const path = longestPath(links)
  const names = [
    root.delegator?.name ?? 'unknown',
    ...path.map(({ delegate }) => delegate?.name ?? 'unknown'),
  ]
  if (names.length <= MAX_NAMES) return names
  return [...names.slice(0, 3), '…', ...names.slice(-3)]
}

/** From the root to the deepest link. */
function longestPath(links: readonly ChainLink[]): ChainLink[] {
  const [first, ...rest] = links
  if (first === undefined) return []
  return pathTo(
    rest.reduce((a, b) => (b.depth > a.depth ? b : a), first),
    links,
  )
}

function troublesOf(links: readonly ChainLink[], actions: readonly ChainAction[]): string[] {
  const count = (text: string): number =>
    links.filter((link) => signatureWord(link).text === text).length
  const failing = links.filter(
    (link) => link.verdict.state === 'FAILED' && signatureWord(link).tone !== 'gap',
  ).length
  const chips = [...actions.map(chipOfAction), ...links.flatMap(chipsOfLink)]
  const ended = chips.filter(({ state }) => state === 'ended').length
  const unexplained = chips.filter(isUnexplained).length - ended
  return [
    [count('missing link'), 'missing link'] as const,
    [count('unsigned'), 'unsigned link'] as const,
    [failing, 'link that does not hold', 'links that do not hold'] as const,
    [unexplained, 'unexplained permission'] as const,
    [ended, 'use after the end', 'uses after the end'] as const,
  ].flatMap(([number, one, many]) => (number === 0 ? [] : [counted(number, one, many)]))
}

/** How one call came to be possible, in the order in which it happened. */
export function explanationOf(action: ChainAction): string[] {
  const { why, agent, tool, at } = action
  const { source } = why
  const used = `${clockTime(at)} ${agent?.name ?? 'somebody unknown'} used ${toolName(tool)}.`
  const reason = capital(why.sentence.replace(/\.?$/, '.'))
  if (why.kind !== 'NONE') return [used, reason]
  const approval = action.approvals.find(({ id }) => id === source?.id)
  return [
    cameTooLate(action)
      ? 'Granted in this chain, and no longer in force when it was used.'
      : 'Granted by nobody in this chain to whoever used it.',
    ...(approval?.issuedAt == null
      ? []
      : [
          `${clockTime(approval.issuedAt)} ${approval.approver?.name ?? 'somebody'} approved it for ${approval.subject?.name ?? 'another'} (approval ${shortHash(approval.id)}).`,
        ]),
    used,
    reason,
  ]
}

/** A sentence of the judge may begin with a name, which keeps its letters. */
function capital(sentence: string): string {
  return sentence.replace(/^(what|the) /, (word) => word.charAt(0).toUpperCase() + word.slice(1))
}

import { signatureWord, verdictWord } from '../../shared/link-words.ts'
import type {
  ChainAction,
  ChainApproval,
  ChainDecision,
  ChainLink,
  ChainWithdrawal,
} from './documents.ts'
import { isScopeUnchanged } from './scope-funnel.ts'
import { withdrawnWord } from './withdrawal-words.ts'

/** One row of the chain view. `key` is what the URL selects it by. */
export type Step =
  | { readonly kind: 'link'; readonly key: string; readonly link: ChainLink }
  | { readonly kind: 'gap'; readonly key: string; readonly below: ChainLink }
  | { readonly kind: 'run'; readonly key: string; readonly links: readonly ChainLink[] }
  | { readonly kind: 'approval'; readonly key: string; readonly approval: ChainApproval }
  | {
      readonly kind: 'withdrawal'
      readonly key: string
      readonly withdrawal: ChainWithdrawal
      /** The link of this chain nearest to the root that it names; none of an approval. */
      readonly link?: ChainLink
      readonly approval?: ChainApproval
    }
  | {
      readonly kind: 'decision'
      readonly key: string
      readonly decision: ChainDecision
      /** The first call that names it. */
      readonly action: ChainAction
    }
  | { readonly kind: 'action'; readonly key: string; readonly action: ChainAction }

/** Shorter runs are shown hop by hop. */
const SHORTEST_RUN = 3

/** What became of a link between two instants, by its hash. */
type Changes = ReadonlyMap<string, string>

/**
 * The rows from top to bottom: links, approvals, what took them back, decisions and calls in the order of time, a link
 * never before the one above it. Runs of hops that hand on what they were given become one row, unless it is open. Of two instants
 * that are compared, only what came or went together is told in one row.
 */
export function stepsOf(
  links: readonly ChainLink[],
  actions: readonly ChainAction[],
  open: ReadonlySet<string>,
  changes: Changes = new Map(),
): Step[] {
  return collapsed(inOrder(links, actions), childrenOf(links), open, changes)
}

interface Placed {
  readonly step: Step
  readonly at: number
  readonly rank: number
  readonly depth: number
}

/** Of what has the same time: links, approvals, what took them back, decisions, calls. */
const RANK = { link: 0, approval: 1, withdrawal: 2, decision: 3, action: 4 } as const

function inOrder(links: readonly ChainLink[], actions: readonly ChainAction[]): Step[] {
  const byHash = new Map(links.map((link) => [link.hash, link]))
  const times = new Map<string, number>()
  const placed: Placed[] = []
  const byDepth = links.toSorted((a, b) => a.depth - b.depth)
  for (const link of byDepth) {
    const above = link.parentHash === null ? undefined : times.get(link.parentHash)
    const own = link.issuedAt === null ? Number.NEGATIVE_INFINITY : Date.parse(link.issuedAt)
    const at = Math.max(own, above ?? Number.NEGATIVE_INFINITY)
    times.set(link.hash, at)
    const isOrphan = link.parentHash !== null && !byHash.has(link.parentHash)
    if (isOrphan) {
      const step: Step = { kind: 'gap', key: `gap-${link.hash}`, below: link }
      placed.push({ step, at, rank: RANK.link, depth: link.depth - 0.5 })
    }
    const step: Step = link.arrived
      ? { kind: 'link', key: link.hash, link }
      : { kind: 'gap', key: link.hash, below: link }
    placed.push({ step, at, rank: RANK.link, depth: link.depth })
  }
  const seen = new Set<string>()
  const withdrawn = (
    { withdrawals }: Pick<ChainLink, 'withdrawals'>,
    given: number,
    of: { readonly link: ChainLink } | { readonly approval: ChainApproval },
  ): void => {
    for (const withdrawal of withdrawals) {
      if (seen.has(withdrawal.hash)) continue
      seen.add(withdrawal.hash)
      const at = withdrawal.at === null ? given : Math.max(Date.parse(withdrawal.at), given)
      const step: Step = { kind: 'withdrawal', key: withdrawal.hash, withdrawal, ...of }
      placed.push({ step, at, rank: RANK.withdrawal, depth: 0 })
    }
  }
  for (const link of byDepth)
    withdrawn(link, times.get(link.hash) ?? Number.NEGATIVE_INFINITY, { link })
  for (const action of actions) {
    const under = action.link === null ? undefined : times.get(action.link.hash)
    const at = Math.max(Date.parse(action.at), under ?? Number.NEGATIVE_INFINITY)
    const step: Step = { kind: 'action', key: action.id, action }
    placed.push({ step, at, rank: RANK.action, depth: 0 })
    for (const decision of action.decisionRecords) {
      if (seen.has(decision.id)) continue
      seen.add(decision.id)
      // Its own time is in whole seconds; it belongs to the call.
      const told: Step = { kind: 'decision', key: decision.id, decision, action }
      placed.push({ step: told, at, rank: RANK.decision, depth: 0 })
    }
    for (const approval of action.approvals) {
      if (seen.has(approval.id)) continue
      seen.add(approval.id)
      const given = approval.issuedAt === null ? at : Math.min(Date.parse(approval.issuedAt), at)
      const step: Step = { kind: 'approval', key: approval.id, approval }
      placed.push({ step, at: given, rank: RANK.approval, depth: 0 })
      withdrawn(approval, given, { approval })
    }
  }
  return placed
    .sort((a, b) => order(a.at, b.at) || a.rank - b.rank || a.depth - b.depth)
    .map(({ step }) => step)
}

/** Two times that are both not known are equal; a difference of infinities is no number. */
function order(a: number, b: number): number {
  return a === b ? 0 : a < b ? -1 : 1
}

function childrenOf(links: readonly ChainLink[]): ReadonlyMap<string, number> {
  const children = new Map<string, number>()
  for (const { parentHash } of links) {
    if (parentHash !== null) children.set(parentHash, (children.get(parentHash) ?? 0) + 1)
  }
  return children
}

function collapsed(
  steps: readonly Step[],
  children: ReadonlyMap<string, number>,
  open: ReadonlySet<string>,
  changes: Changes,
): Step[] {
  const rows: Step[] = []
  let run: ChainLink[] = []
  const flush = (): void => {
    const [first] = run
    if (first === undefined) return
    const key = `run-${first.hash}`
    if (run.length < SHORTEST_RUN || open.has(key)) {
      rows.push(...run.map((link): Step => ({ kind: 'link', key: link.hash, link })))
    } else {
      rows.push({ kind: 'run', key, links: run })
    }
    run = []
  }
  for (const step of steps) {
    const isPlain = step.kind === 'link' && isScopeUnchanged(step.link)
    const link = isPlain && changes.get(step.key) !== 'changed' ? step.link : undefined
    const last = run.at(-1)
    const isNext =
      last === undefined ||
      (link !== undefined &&
        continues(last, link, children) &&
        changes.get(last.hash) === changes.get(link.hash))
    if (link === undefined || !isNext) flush()
    if (link === undefined) rows.push(step)
    else run.push(link)
  }
  flush()
  return rows
}

/** Whether two hops can be told in one breath: the only child, and the same words for both. */
function continues(
  above: ChainLink,
  below: ChainLink,
  children: ReadonlyMap<string, number>,
): boolean {
  return (
    below.parentHash === above.hash &&
    children.get(above.hash) === 1 &&
    signatureWord(above).text === signatureWord(below).text &&
    verdictWord(above)?.text === verdictWord(below)?.text &&
    withdrawnWord(above)?.text === withdrawnWord(below)?.text
  )
}

/** The key of the run that hides a link, so that what the URL selects can be shown. */
export function runOf(steps: readonly Step[], hash: string): string | undefined {
  return steps.find((step) => step.kind === 'run' && step.links.some((link) => link.hash === hash))
    ?.key
}

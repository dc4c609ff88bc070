import { VERDICT_PARTS } from '@delegraph/graph-schema'
import { outcomeWord, signatureWord, verdictWord } from '../../../shared/link-words.ts'
import { toolName } from '../../../shared/short.ts'
import type { ChainAction, ChainApproval, ChainHead, ChainLink } from '../documents.ts'
import type { LoadedChain } from '../loaded-chain.ts'
import { chipsOfLink } from '../scope-funnel.ts'
import { withdrawnWord } from '../withdrawal-words.ts'

/** What became of one thing between two instants. */
export interface Difference {
  readonly kind: 'link' | 'approval' | 'call' | 'finding'
  readonly id: string
  /** What the chain view selects for it: of a finding the call or the link that it is about. */
  readonly key: string
  readonly name: string
  readonly change: 'added' | 'removed' | 'changed'
  /** Each part of a thing that changed, in words; empty where it came or went. */
  readonly parts: readonly ChangedPart[]
}

export interface ChangedPart {
  readonly part: string
  readonly before: string
  readonly after: string
}

export interface Comparison {
  /** Everything of both, as the later knew it where both do. */
  readonly chain: LoadedChain
  readonly differences: readonly Difference[]
}

/** What differs from the earlier to the later; a chain that was not known yet has nothing. */
export function compareChains(
  earlier: LoadedChain | undefined,
  later: LoadedChain | undefined,
): Comparison | undefined {
  const newest = later ?? earlier
  if (newest === undefined) return undefined
  const links = paired(earlier?.links, later?.links, ({ hash }) => hash).sort(
    (a, b) => newestOf(a).depth - newestOf(b).depth,
  )
  const actions = paired(earlier?.actions, later?.actions, ({ id }) => id)
  const approvals = paired(approvalsOf(earlier), approvalsOf(later), ({ id }) => id)
  const findings = paired(earlier?.head.findings.nodes, later?.head.findings.nodes, ({ id }) => id)
  const cut = (part: 'links' | 'actions'): boolean =>
    (earlier?.cut[part] ?? false) || (later?.cut[part] ?? false)
  return {
    chain: {
      head: newest.head,
      links: links.map(newestOf),
      actions: actions.map(newestOf).sort((a, b) => Date.parse(a.at) - Date.parse(b.at)),
      isComplete: newest.isComplete,
      cut: { links: cut('links'), actions: cut('actions') },
    },
    differences: [
      ...differencesOf('link', links, linkName, linkWords),
      ...differencesOf('approval', approvals, approvalName, approvalWords),
      ...differencesOf('call', actions, callName, callWords),
      ...differencesOf('finding', findings, findingName, () => ({}), aboutOf),
    ],
  }
}

/** By its hash, what became of each link of which something is told; a run of links hides only what all of them share. */
export function linkChanges(differences: readonly Difference[]): ReadonlyMap<string, string> {
  return new Map(
    differences.flatMap(({ kind, key, change }) =>
      kind === 'link' ? [[key, change]] : kind === 'finding' ? [[key, 'changed']] : [],
    ),
  )
}

/** `3 links added, 1 call changed`, in the order in which a chain is told. */
export function countsOf(differences: readonly Difference[]): string[] {
  const counts = Map.groupBy(differences, ({ kind, change }) => `${kind} ${change}`)
  return [...counts.entries()].map(([text, { length }]) => {
    const [kind, change] = text.split(' ')
    return `${length} ${kind}${length === 1 ? '' : 's'} ${change}`
  })
}

interface Pair<Thing> {
  readonly id: string
  readonly before: Thing | undefined
  readonly after: Thing | undefined
}

function paired<Thing>(
  earlier: readonly Thing[] = [],
  later: readonly Thing[] = [],
  keyOf: (thing: Thing) => string,
): Pair<Thing>[] {
  const before = new Map(earlier.map((thing) => [keyOf(thing), thing]))
  const after = new Map(later.map((thing) => [keyOf(thing), thing]))
  return [...new Set([...before.keys(), ...after.keys()])].map((id) => ({
    id,
    before: before.get(id),
    after: after.get(id),
  }))
}

function newestOf<Thing>({ before, after }: Pair<Thing>): Thing {
  return (after ?? before) as Thing
}

function differencesOf<Thing>(
  kind: Difference['kind'],
  pairs: readonly Pair<Thing>[],
  nameOf: (thing: Thing) => string,
  wordsOf: (thing: Thing) => Readonly<Record<string, string>>,
  keyOf: (thing: Thing) => string | undefined = () => undefined,
): Difference[] {
  return pairs.flatMap((pair): Difference[] => {
    const { id, before, after } = pair
    const newest = newestOf(pair)
    const told = { kind, id, key: keyOf(newest) ?? id, name: nameOf(newest) }
    if (before === undefined) return [{ ...told, change: 'added', parts: [] }]
    if (after === undefined) return [{ ...told, change: 'removed', parts: [] }]
    const was = wordsOf(before)
    const parts = Object.entries(wordsOf(after)).flatMap(([part, text]) =>
      was[part] === text ? [] : [{ part, before: was[part] ?? '', after: text }],
    )
    return parts.length === 0 ? [] : [{ ...told, change: 'changed', parts }]
  })
}

function approvalsOf(chain: LoadedChain | undefined): ChainApproval[] {
  return chain?.actions.flatMap(({ approvals }) => approvals) ?? []
}

function linkName({ delegator, delegate, depth }: ChainLink): string {
  return `${delegator?.name ?? 'unknown'} → ${delegate?.name ?? 'unknown'}, hop ${depth}`
}

function linkWords(link: ChainLink): Readonly<Record<string, string>> {
  const { verdict } = link
  return {
    signature: signatureWord(link).text,
    verdict: verdictWord(link)?.text ?? outcomeWord(verdict).text,
    evidence: link.grade.toLowerCase(),
    withdrawn: withdrawnWord(link)?.text ?? 'no',
    depth: String(link.depth),
    scope:
      chipsOfLink(link)
        .map(({ tool, limits, state }) => [toolName(tool), state, ...limits].join(' '))
        .join('; ') || 'not known',
    flags: listed(link.flags.map(inWords)),
  }
}

function approvalName({ approver, subject, tool }: ChainApproval): string {
  return `${approver?.name ?? 'somebody'}’s yes to ${toolName(tool ?? 'a call')} for ${subject?.name ?? 'somebody'}`
}

function approvalWords({ arrived, decision, verdict }: ChainApproval) {
  return {
    record: arrived ? 'arrived' : 'only named',
    answer: decision ?? 'not known',
    verdict: outcomeWord(verdict).text,
  }
}

function callName({ agent, tool }: ChainAction): string {
  return `${agent?.name ?? 'somebody'} called ${toolName(tool)}`
}

function callWords(action: ChainAction): Readonly<Record<string, string>> {
  const { verdict, why, approvals } = action
  return {
    ...Object.fromEntries(VERDICT_PARTS.map((part) => [part, outcomeWord(verdict[part]).text])),
    permission: why.sentence,
    evidence: action.grade.toLowerCase(),
    'what came of it': action.effect.toLowerCase(),
    receipt: action.receipt.state.toLowerCase(),
    'service called': action.calledSide.agreement.toLowerCase(),
    approvals: listed(approvals.map(approvalName)),
    flags: listed(action.flags.map(inWords)),
  }
}

type OpenFinding = ChainHead['findings']['nodes'][number]

function findingName({ rule, title }: OpenFinding): string {
  return `${rule} ${title}`
}

function aboutOf({ action, link }: OpenFinding): string | undefined {
  return action?.id ?? link?.hash
}

function inWords(flag: string): string {
  return flag.replaceAll('_', ' ')
}

function listed(texts: readonly string[]): string {
  return texts.length === 0 ? 'none' : texts.toSorted().join(', ')
}

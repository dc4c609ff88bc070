import type { GraphNode } from '@delegraph/graph-schema'
import { MAX_IAT_SKEW } from '@delegraph/link'
import { textOf } from '../project/nodes.ts'
import { pathLinkOf } from '../verify/path.ts'
import { who } from '../verify/words.ts'
import { type Asking, hasBegun, type Snapshot, snapshotOf } from './asking.ts'
import { boundedStore } from './bounded.ts'

/** How much of what one agent did, asked for and was handed is shown by evidence. */
export interface AgentCoverage {
  readonly snapshot: Snapshot
  readonly agent: string
  /** Calls that it made, calls that it asked others for, and links that it was handed and never used. */
  readonly hops: number
  /** By the grade of the evidence for them. */
  readonly proven: number
  readonly signed: number
  readonly asserted: number
  readonly observed: number
  /** Hops of which neither a link nor a receipt shows anything. */
  readonly dark: number
  /** There are more than were looked at. */
  readonly capped: boolean
  readonly sentence: string
  /** The hops that are counted, newest first. */
  readonly rows: readonly CoveredHop[]
}

/** How an agent took part: by a call of its own, by one that it asked another for, by a link that it never answered. */
export type HopPart = 'made' | 'asked' | 'handed'

export interface CoveredHop {
  readonly part: HopPart
  /** The action; of what it was handed the link. */
  readonly node: GraphNode
  /** Absent of what it was handed: nothing was done. */
  readonly grade?: 'proven' | 'signed' | 'asserted' | 'observed'
  /** Neither a link nor a receipt shows it. */
  readonly dark: boolean
}

/** Calls of either kind and links that are looked at for one agent, newest first. */
const MAX_HOPS = 1_000

/** Agents that nobody instrumented are in it, by what others say of them. */
export async function coverageOf(agent: string, asked: Asking): Promise<AgentCoverage> {
  const { store, isCut } = boundedStore(asked.store)
  const asking = { ...asked, store }
  const made = await madeBy(agent, asking)
  const wanted = await askedBy(agent, asking)
  const handed = await unanswered(agent, asking)
  const hops = [...made.hops, ...wanted.hops, ...handed.hops].sort(newestFirst)
  const of = (grade: CoveredHop['grade']): number =>
    hops.filter((hop) => hop.grade === grade).length
  const counts = {
    hops: hops.length,
    proven: of('proven'),
    signed: of('signed'),
    asserted: of('asserted'),
    observed: of('observed'),
    dark: hops.filter(({ dark }) => dark).length,
    capped: made.capped || wanted.capped || handed.capped || isCut(),
  }
  const parts = { made: made.hops, asked: wanted.hops, handed: handed.hops }
  const sentence = sentenceOf(agent, parts)
  return { snapshot: snapshotOf(asking), agent, ...counts, sentence, rows: hops }
}

function newestFirst(a: CoveredHop, b: CoveredHop): number {
  return timeOf(b.node) - timeOf(a.node) || (a.node.key < b.node.key ? -1 : 1)
}

/** Epoch milliseconds; 0 where nothing says when. */
function timeOf({ kind, columns }: GraphNode): number {
  return kind === 'Link' ? Number(columns['issuedAt'] ?? 0) * 1000 : Number(columns['at'] ?? 0)
}

interface Looked {
  readonly hops: readonly CoveredHop[]
  readonly capped: boolean
}

async function madeBy(agent: string, { store, validAt }: Asking): Promise<Looked> {
  const nodes = await store.page({
    kind: 'Action',
    where: { equals: { agent: [agent] }, max: { at: validAt } },
    orderBy: 'at',
    direction: 'desc',
    limit: MAX_HOPS + 1,
  })
  return looked(nodes.slice(0, MAX_HOPS).map(hopOf), nodes.length)
}

function hopOf(node: GraphNode): CoveredHop {
  const grade = textOf(node, 'grade')
  const shown = textOf(node, 'link') !== undefined || textOf(node, 'receipt') !== undefined
  return {
    ...{ part: 'made', node },
    grade: grade === 'proven' || grade === 'signed' || grade === 'asserted' ? grade : 'observed',
    dark: !shown && grade !== 'proven' && grade !== 'signed',
  }
}

/** What it asked others for: shown by its own signature where it signed a link for that call. */
async function askedBy(agent: string, { store, validAt }: Asking): Promise<Looked> {
  const ids = await store.neighbours('ASKED_BY', 'in', [agent], MAX_HOPS + 1)
  const actions = (await store.find('Action', 'id', ids.slice(0, MAX_HOPS))).filter(
    ({ columns }) => Number(columns['at'] ?? Number.POSITIVE_INFINITY) <= validAt,
  )
  const cited = await store.find(
    'Link',
    'hash',
    actions.flatMap((node) => textOf(node, 'link') ?? []),
  )
  const links = new Map(cited.map((node) => [node.key, pathLinkOf(node)]))
  const hops = actions.map((node): CoveredHop => {
    const of = { part: 'asked', node } as const
    const link = links.get(textOf(node, 'link') ?? '')
    const own = link?.parent !== undefined && link.delegator === agent
    if (!own) return { ...of, grade: 'asserted', dark: true }
    return link.signature === 'valid'
      ? { ...of, grade: textOf(node, 'grade') === 'proven' ? 'proven' : 'signed', dark: false }
      : { ...of, grade: 'asserted', dark: false }
  })
  return looked(hops, ids.length)
}

/** Links that it was handed and that neither a call nor a link below them answers. */
async function unanswered(agent: string, asking: Asking): Promise<Looked> {
  const { store, validAt } = asking
  const nodes = await store.page({
    kind: 'Link',
    where: {
      equals: { agent: [agent] },
      max: { issuedAt: Math.floor(validAt / 1000) + MAX_IAT_SKEW },
    },
    orderBy: 'issuedAt',
    direction: 'desc',
    limit: MAX_HOPS + 1,
  })
  const newest = nodes.slice(0, MAX_HOPS)
  const held = newest.map(({ key }) => key)
  const used = new Set(
    (await store.find('Action', 'link', held))
      .filter((node) => textOf(node, 'agent') === agent && Number(node.columns['at']) <= validAt)
      .map((node) => textOf(node, 'link')),
  )
  const passed = new Set(
    (await store.find('Link', 'parent', held))
      .filter(({ columns }) => hasBegun(Number(columns['issuedAt'] ?? 0), asking))
      .map((node) => textOf(node, 'parent')),
  )
  const silent = newest.filter(({ key }) => !used.has(key) && !passed.has(key))
  return looked(
    silent.map((node) => ({ part: 'handed', node, dark: true })),
    nodes.length,
  )
}

function looked(hops: readonly CoveredHop[], found: number): Looked {
  return { hops, capped: found > MAX_HOPS }
}

function sentenceOf(
  agent: string,
  parts: { readonly [part in 'made' | 'asked' | 'handed']: readonly CoveredHop[] },
): string {
  const name = who(agent)
  const { made, asked, handed } = parts
  const all = [...made, ...asked, ...handed]
  const dark = (hops: readonly CoveredHop[]): number => hops.filter((hop) => hop.dark).length
  if (all.length === 0)
    return `nothing was heard of ${name}: it did nothing, or nobody instrumented it`
  if (dark(all) === 0) return `every hop of ${name} is shown by a link or a receipt`
  const told = [
    [dark(made), 'call', 'that it made with neither a link nor a receipt'],
    [dark(asked), 'call', 'that it asked for by the word of others alone'],
    [handed.length, 'link', 'that it was handed, and nothing was heard of it since'],
  ] as const
  const parted = told.flatMap(([count, noun, words]) =>
    count === 0 ? [] : `${count} ${count === 1 ? noun : `${noun}s`} ${words}`,
  )
  const whole =
    dark(all) === all.length ? `${name} is dark: nobody instrumented it` : `${name} is dark in part`
  return `${whole}; ${parted.join(', ')}`
}

/** One page of agents by their ids, those that are only named included. */
export async function agentsPage(
  { store }: Asking,
  limit: number,
  after: string | undefined,
): Promise<string[]> {
  const nodes = await store.page({
    kind: 'Agent',
    where: {},
    orderBy: 'id',
    direction: 'asc',
    limit,
    ...(after === undefined ? {} : { after: { value: after, key: after } }),
  })
  return nodes.map(({ key }) => key)
}

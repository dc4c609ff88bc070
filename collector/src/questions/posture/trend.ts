import { type Filter, type GraphNode, type GraphStore, pagesOf } from '../../graph/index.ts'
import type { Day } from './days.ts'

/** Where the findings stood at the end of a day. */
export interface TrendDay {
  /** Epoch milliseconds. */
  readonly at: number
  readonly raised: number
  readonly open: number
  readonly accepted: number
  readonly closed: number
  readonly withdrawn: number
}

export interface Trend {
  readonly days: readonly TrendDay[]
  readonly complete: boolean
}

/** Findings that are counted of one day, and of the time before. */
const MOST_RAISED = 100_000
/** Findings that are looked at one by one, since somebody said something of them. */
const MOST_TOLD = 5_000
const PAGE = 500

type Standing = 'open' | 'accepted' | 'closed' | 'withdrawn'

/** A finding of which somebody said something; times are epoch milliseconds. */
interface Told {
  readonly raisedAt: number
  /** Absent where it holds. */
  readonly withdrawnAt?: number
  /** In the order in which they were said. */
  readonly words: readonly { readonly at: number; readonly state: string }[]
}

/**
 * Where the findings stood at the end of each day. Those of which nobody said anything are counted by the store: they are
 * open from when they were learned until they are withdrawn. The others are followed word by word. `within` are
 * columns of which one has to have one of its values.
 */
export async function trendOf(
  store: GraphStore,
  days: readonly Day[],
  within?: Filter['any'],
): Promise<Trend> {
  const told = await toldOf(store, within)
  const [first] = days
  if (first === undefined) return { days: [], complete: true }
  let complete = told.complete
  const count = async (where: Filter): Promise<number> => {
    const any = within === undefined ? {} : { any: within }
    const counted = await store.count('Finding', { ...where, ...any }, MOST_RAISED)
    complete &&= counted < MOST_RAISED
    return counted
  }
  const before = { max: { raisedAt: first.from - 1 } }
  const goneBefore = { equals: WITHDRAWN, max: { updatedAt: first.from - 1 } }
  let raised = await count(before)
  let withdrawn = await count(goneBefore)
  const all: TrendDay[] = []
  for (const { from, until } of days) {
    const last = until - 1
    const ofDay = await count({ min: { raisedAt: from }, max: { raisedAt: last } })
    raised += ofDay
    withdrawn += await count({
      equals: WITHDRAWN,
      min: { updatedAt: from },
      max: { updatedAt: last },
    })
    const stand = { open: 0, accepted: 0, closed: 0, withdrawn: 0 }
    for (const one of told.findings) {
      const standing = standingAt(one, last)
      if (standing !== undefined) stand[standing] += 1
    }
    const untold = raised - told.findings.filter(({ raisedAt }) => raisedAt <= last).length
    const untoldGone =
      withdrawn -
      told.findings.filter(({ withdrawnAt }) => withdrawnAt !== undefined && withdrawnAt <= last)
        .length
    all.push({
      at: last,
      raised: ofDay,
      ...stand,
      open: stand.open + untold - untoldGone,
      withdrawn: stand.withdrawn + untoldGone,
    })
  }
  return { days: all, complete }
}

const WITHDRAWN = { state: ['withdrawn'] }

/** Undefined where it was not known yet. */
function standingAt({ raisedAt, withdrawnAt, words }: Told, at: number): Standing | undefined {
  const said = words.findLast((word) => word.at <= at)
  // After a rebuild a word may be older than what it is about.
  if (raisedAt > at && said === undefined) return undefined
  if (said?.state === 'closed' || said?.state === 'accepted') return said.state
  return withdrawnAt !== undefined && withdrawnAt <= at ? 'withdrawn' : 'open'
}

async function toldOf(
  store: GraphStore,
  within: Filter['any'],
): Promise<{ readonly findings: readonly Told[]; readonly complete: boolean }> {
  const findings: Told[] = []
  let seen = 0
  const all = { kind: 'Triage', where: {}, orderBy: 'finding', direction: 'asc' } as const
  for await (const page of pagesOf(store, { ...all, limit: PAGE })) {
    if (seen >= MOST_TOLD) return { findings, complete: false }
    seen += page.length
    const ids = page.map(({ key }) => key)
    const words = Map.groupBy(await store.find('TriageEvent', 'finding', ids), ({ columns }) =>
      String(columns['finding']),
    )
    for (const node of await store.find('Finding', 'id', ids)) {
      const one = isWithin(node, within) ? toldOfNode(node, words.get(node.key) ?? []) : undefined
      if (one !== undefined) findings.push(one)
    }
  }
  return { findings, complete: true }
}

function isWithin({ columns }: GraphNode, within: Filter['any']): boolean {
  if (within === undefined) return true
  return Object.entries(within).some(
    ([name, values]) => columns[name] !== undefined && values.includes(columns[name]),
  )
}

function toldOfNode({ columns }: GraphNode, events: readonly GraphNode[]): Told | undefined {
  const raisedAt = columns['raisedAt']
  // It is only named so far.
  if (typeof raisedAt !== 'number') return undefined
  const updatedAt = Number(columns['updatedAt'])
  return {
    raisedAt,
    ...(columns['state'] === 'withdrawn' ? { withdrawnAt: updatedAt } : {}),
    words: events
      .map((event) => ({
        at: Number(event.columns['at']),
        version: Number(event.columns['version']),
        state: String(event.columns['state']),
      }))
      .sort((a, b) => a.version - b.version),
  }
}

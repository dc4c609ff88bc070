import type { Verdict } from '@delegraph/graph-schema'
import type { BoundedMap, Trust } from '@delegraph/link'
import type { GraphStore } from '../graph/index.ts'
import { distinct, textOf } from '../project/nodes.ts'
import { statusRows } from '../project/status-lists.ts'
import { pathLinkOf } from '../verify/path.ts'
import { isStatusHost } from '../verify/status-list.ts'

/** What the list of this URI said at this time, NumericDate. */
export interface Question {
  readonly uri: string
  readonly at: number
}

/** The newest acts that are looked at, and questions that one round may have. */
const ACTS = 500
const QUESTIONS = 10
/** An act so young may still be covered by the next ordinary answer, seconds. */
const YOUNG = 120

/** Acts whose status is unknown since no answer covers their time, and that were not asked about. */
export async function openQuestions(
  store: GraphStore,
  trust: Trust,
  now: number,
  asked: Pick<BoundedMap<true>, 'get'>,
): Promise<Question[]> {
  const acts = await store.page({
    kind: 'Action',
    where: { max: { at: (now - YOUNG) * 1000 } },
    orderBy: 'at',
    direction: 'desc',
    limit: ACTS,
  })
  const open = acts.filter(({ columns }) => {
    const { status } = JSON.parse(String(columns['verdict'])) as Verdict
    return status.state === 'unknown'
  })
  const roots = await store.find(
    'Link',
    'hash',
    distinct(open.flatMap((node) => textOf(node, 'chain') ?? [])),
  )
  const byHash = new Map(roots.map((node) => [node.key, pathLinkOf(node)]))
  const rows = await statusRows(
    store,
    roots.flatMap((node) => textOf(node, 'status') ?? []),
  )
  const found = new Map<string, Question>()
  for (const node of open) {
    const root = byHash.get(textOf(node, 'chain') ?? '')
    // Milliseconds in the graph; as lists count time, seconds.
    const at = Math.floor(Number(node.columns['at']) / 1000)
    if (root?.status === undefined || found.size >= QUESTIONS) continue
    const { uri } = root.status
    const isKnown = rows.some((row) => row.uri === uri && row.from <= at && at < row.until)
    const key = questionKey(uri, at)
    if (isKnown || asked.get(key) === true || !isStatusHost(trust, root.issuer, uri)) continue
    found.set(key, { uri, at })
  }
  return [...found.values()]
}

export function questionKey(uri: string, at: number): string {
  return `${at} ${uri}`
}

import type { GraphBatch, GraphNode, GraphStore, Scalar } from '../graph/index.ts'
import { knownColumns } from '../project/nodes.ts'
import type { CaseItem, CaseRecord } from './record.ts'
import { aboutOf, itemKey, MAX_WORD_ITEMS } from './words.ts'

type Columns = Readonly<Record<string, Scalar>>

const NOTHING = { nodes: [], edges: [] } satisfies GraphBatch
const CHANGES = { open: 'opened', add: 'added', take: 'taken', change: 'changed' } as const

/**
 * What a record brings to the graph: one batch, so that a word counts once even where a stop comes in between.
 * Nothing where the record that opened the case could not be read.
 */
export async function takeCase(store: GraphStore, record: CaseRecord): Promise<GraphBatch> {
  const [known] = await store.find('Case', 'id', [record.id])
  if (known === undefined ? record.type !== 'open' : record.type === 'open') return NOTHING
  const before = known?.columns ?? {}
  const version = Number(before['version'] ?? 0) + 1
  const named = 'items' in record ? record.items : []
  const keys = named.map((item) => itemKey(record.id, item))
  const there = new Set((await store.find('CaseItem', 'id', keys)).map(({ key }) => key))
  const size = Number(before['size'] ?? 0)
  const event = eventNode(record, version)
  if (record.type === 'take') {
    const removed = keys
      .filter((key) => there.has(key))
      .map((key) => ({ kind: 'CaseItem', key }) as const)
    const nodes = [caseNode(before, record, version, size - removed.length), event]
    return { nodes, edges: [], removed }
  }
  const added = (named as readonly CaseItem[])
    .map((item, i) => itemNode(record, item, version * MAX_WORD_ITEMS + i))
    .filter(({ key }) => !there.has(key))
  return {
    nodes: [caseNode(before, record, version, size + added.length), event, ...added],
    edges: [],
  }
}

function caseNode(before: Columns, record: CaseRecord, version: number, size: number): GraphNode {
  const { id, at, by } = record
  const state = record.type === 'change' ? (record.state ?? before['state']) : before['state']
  const closes = state === 'closed' && before['state'] !== 'closed'
  const closed = closes
    ? { closedAt: at, closedBy: by }
    : { closedAt: before['closedAt'], closedBy: before['closedBy'] }
  const columns: Record<string, Scalar | undefined> = {
    id,
    title: ('title' in record ? record.title : undefined) ?? before['title'],
    state: state ?? 'open',
    version,
    size,
    openedAt: before['openedAt'] ?? at,
    openedBy: before['openedBy'] ?? by,
    updatedAt: at,
    updatedBy: by,
    ...(state === 'closed' ? closed : {}),
  }
  return { kind: 'Case', key: id, columns: knownColumns(columns), whole: true }
}

function itemNode(record: CaseRecord, item: CaseItem, place: number): GraphNode {
  const { id: inCase, at, by } = record
  const key = itemKey(inCase, item)
  const columns = knownColumns({
    id: key,
    case: inCase,
    kind: item.kind,
    subject: item.id,
    about: aboutOf(item),
    chain: item.chain,
    note: item.note,
    addedAt: at,
    addedBy: by,
    place,
  })
  return { kind: 'CaseItem', key, columns }
}

function eventNode(record: CaseRecord, version: number): GraphNode {
  const { type, id: inCase, at, by, request } = record
  const id = `${inCase} ${version}`
  const items = 'items' in record && record.items.length > 0 ? record.items : undefined
  const columns = knownColumns({
    id,
    case: inCase,
    version,
    at,
    by,
    change: CHANGES[type],
    title: 'title' in record ? record.title : undefined,
    state: 'state' in record ? record.state : undefined,
    comment: 'comment' in record ? record.comment : undefined,
    items: items && JSON.stringify(items),
    request: request?.id,
    requestDigest: request?.digest,
  })
  return { kind: 'CaseEvent', key: id, columns }
}

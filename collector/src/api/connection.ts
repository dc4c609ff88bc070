import { NODE_KINDS } from '@delegraph/graph-schema'
import type {
  Filter,
  GraphNode,
  GraphStore,
  Group,
  GroupQuery,
  NodeKind,
  Scalar,
} from '../graph/index.ts'
import { type InvalidArgument, invalidArgument, isUserError } from './errors.ts'

/** A page of nodes, as the Relay cursor connections specification has it. */
export interface Connection {
  readonly kind: string
  readonly edges: readonly Edge[]
  readonly nodes: readonly GraphNode[]
  readonly pageInfo: PageInfo
  /** Counts only where it is asked for. */
  readonly totalCount: () => Promise<Count>
}

interface Edge {
  readonly cursor: string
  readonly node: GraphNode
}

interface PageInfo {
  readonly hasNextPage: boolean
  readonly hasPreviousPage: boolean
  readonly startCursor: string | undefined
  readonly endCursor: string | undefined
}

export interface Count {
  readonly value: number
  readonly approximate: boolean
}

export type ConnectionName =
  | 'FindingConnection'
  | 'FindingEventConnection'
  | 'ActionConnection'
  | 'DecisionConnection'
  | 'LinkConnection'
  | 'SuppressionConnection'
  | 'CaseConnection'
  | 'CaseItemConnection'
  | 'CaseEventConnection'
  | 'AlertDeliveryConnection'

export interface Listing {
  readonly name: ConnectionName
  readonly of: NodeKind
  readonly where: Filter
  readonly orderBy: string
  readonly direction: 'asc' | 'desc'
}

export type Args = Readonly<Record<string, unknown>>

export const DEFAULT_FIRST = 50
export const MAX_FIRST = 200
const MAX_CURSOR = 4096
const MAX_COUNT = 10_000

/** One page of what the store lists, in an order that ties cannot upset. */
export async function pageOf(
  store: GraphStore,
  listing: Listing,
  args: Args,
): Promise<Connection | InvalidArgument> {
  const first = firstOf(args)
  if (isUserError(first)) return first
  const { of: kind, where, orderBy, direction, name } = listing
  const order = { orderBy, direction, value: valueType(kind, orderBy) }
  const after = afterOf(args, order)
  if (isUserError(after)) return after
  const rows = await store.page({
    kind,
    where,
    orderBy,
    direction,
    // One more than asked for says whether there is a next page.
    limit: first + 1,
    ...(after === undefined ? {} : { after }),
  })
  const edges = rows.slice(0, first).map((node) => ({
    cursor: cursorOf(order, node.columns[orderBy] ?? node.key, node.key),
    node,
  }))
  const totalCount = (): Promise<Count> => countOf(store, kind, where)
  return connection(name, edges, rows.length > first, after !== undefined, totalCount)
}

/** A page of groups of nodes; how many there are in all is not counted. */
export interface GroupConnection {
  readonly kind: 'FindingGroupConnection'
  readonly edges: readonly { readonly cursor: string; readonly node: Group }[]
  readonly nodes: readonly Group[]
  readonly pageInfo: PageInfo
}

/** One page of the groups that what the store lists makes. */
export async function groupsOf(
  store: GraphStore,
  query: Omit<GroupQuery, 'limit' | 'after'>,
  args: Args,
): Promise<GroupConnection | InvalidArgument> {
  const first = firstOf(args)
  if (isUserError(first)) return first
  const { kind, by, orderBy, direction } = query
  // Groups of another kind are another order.
  const order = { orderBy: `${by} ${orderBy}`, direction, value: valueType(kind, orderBy) }
  const after = afterOf(args, order)
  if (isUserError(after)) return after
  const limit = first + 1
  const groups = await store.groups({ ...query, limit, ...(after === undefined ? {} : { after }) })
  const edges = groups
    .slice(0, first)
    .map((node) => ({ cursor: cursorOf(order, node.place, node.key), node }))
  return {
    kind: 'FindingGroupConnection',
    edges,
    nodes: edges.map(({ node }) => node),
    pageInfo: pageInfoOf(edges, groups.length > first, after !== undefined),
  }
}

/** One page of nodes whose keys are known already, in order of their keys. */
export async function pageOfKeys(
  name: ConnectionName,
  keys: readonly string[],
  load: (keys: readonly string[]) => Promise<readonly GraphNode[]>,
  args: Args,
): Promise<Connection | InvalidArgument> {
  const first = firstOf(args)
  if (isUserError(first)) return first
  const order = { orderBy: 'key', direction: 'asc', value: 'string' } as const
  const after = afterOf(args, order)
  if (isUserError(after)) return after
  const sorted = [...new Set(keys)].sort()
  const rest = after === undefined ? sorted : sorted.filter((key) => key > after.key)
  const nodes = await load(rest.slice(0, first))
  const edges = nodes.map((node) => ({ cursor: cursorOf(order, node.key, node.key), node }))
  const totalCount = async (): Promise<Count> => ({ value: sorted.length, approximate: false })
  return connection(name, edges, rest.length > first, after !== undefined, totalCount)
}

/** How many there are, counted up to a limit. */
export async function countOf(store: GraphStore, kind: NodeKind, where: Filter): Promise<Count> {
  const value = await store.count(kind, where, MAX_COUNT)
  return { value, approximate: value >= MAX_COUNT }
}

function connection(
  kind: ConnectionName,
  edges: readonly Edge[],
  hasNextPage: boolean,
  hasPreviousPage: boolean,
  totalCount: () => Promise<Count>,
): Connection {
  return {
    kind,
    edges,
    nodes: edges.map((edge) => edge.node),
    pageInfo: pageInfoOf(edges, hasNextPage, hasPreviousPage),
    totalCount,
  }
}

function pageInfoOf(
  edges: readonly { readonly cursor: string }[],
  hasNextPage: boolean,
  hasPreviousPage: boolean,
): PageInfo {
  return {
    hasNextPage,
    hasPreviousPage,
    startCursor: edges.at(0)?.cursor,
    endCursor: edges.at(-1)?.cursor,
  }
}

function firstOf(args: Args): number | InvalidArgument {
  const first = args['first'] ?? DEFAULT_FIRST
  const fits = typeof first === 'number' && first >= 1 && first <= MAX_FIRST
  return fits ? first : invalidArgument('first', `from 1 to ${MAX_FIRST}`)
}

interface Order {
  readonly orderBy: string
  readonly direction: 'asc' | 'desc'
  readonly value: 'string' | 'number'
}

function valueType(kind: NodeKind, column: string): 'string' | 'number' {
  const columns: Readonly<Record<string, { readonly type: string }>> = NODE_KINDS[kind].columns
  return columns[column]?.type === 'int' ? 'number' : 'string'
}

/** The order is in the cursor, so that one of another order is refused and not misread. */
function cursorOf({ orderBy, direction }: Order, value: Scalar, key: string): string {
  return Buffer.from(JSON.stringify([orderBy, direction, value, key])).toString('base64url')
}

function afterOf(
  args: Args,
  order: Order,
): { readonly value: Scalar; readonly key: string } | undefined | InvalidArgument {
  const { after } = args
  if (after === undefined || after === null) return undefined
  const wrong = invalidArgument('after', 'the endCursor of a page in the same order')
  if (typeof after !== 'string' || after.length > MAX_CURSOR) return wrong
  const parts = decoded(after)
  if (!Array.isArray(parts) || parts.length !== 4) return wrong
  const [orderBy, direction, value, key]: unknown[] = parts
  if (orderBy !== order.orderBy || direction !== order.direction) return wrong
  if (typeof key !== 'string') return wrong
  if (typeof value === 'string' && order.value === 'string') return { value, key }
  return typeof value === 'number' && order.value === 'number' ? { value, key } : wrong
}

function decoded(cursor: string): unknown {
  try {
    return JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'))
  } catch {
    return undefined
  }
}

import { type Args, type Count, MAX_FIRST } from '../../connection.ts'
import { apiError } from '../../errors.ts'

/** A page of an answer that is whole in memory. */
export interface ListPage<Item> {
  readonly edges: readonly { readonly cursor: string; readonly node: Item }[]
  readonly nodes: readonly Item[]
  readonly pageInfo: {
    readonly hasNextPage: boolean
    readonly hasPreviousPage: boolean
    readonly startCursor: string | undefined
    readonly endCursor: string | undefined
  }
  readonly totalCount: Count
}

/**
 * The items behind `after`, a place in the list: the same question at the same instants has the same list.
 *
 * @throws GraphQLError INVALID_ARGUMENT
 */
export function listPage<Item>(
  items: readonly Item[],
  args: Args,
  approximate: boolean,
): ListPage<Item> {
  const first = firstIn(args)
  const start = afterIn(args)
  const edges = items.slice(start, start + first).map((node, i) => ({
    cursor: String(start + i + 1),
    node,
  }))
  return {
    edges,
    nodes: edges.map(({ node }) => node),
    pageInfo: {
      hasNextPage: start + first < items.length,
      hasPreviousPage: start > 0,
      startCursor: edges.at(0)?.cursor,
      endCursor: edges.at(-1)?.cursor,
    },
    totalCount: { value: items.length, approximate },
  }
}

/** @throws GraphQLError INVALID_ARGUMENT */
export function firstIn(args: Args): number {
  const first = args['first'] ?? 50
  if (typeof first === 'number' && first >= 1 && first <= MAX_FIRST) return first
  throw apiError('INVALID_ARGUMENT', `first must be from 1 to ${MAX_FIRST}`)
}

function afterIn({ after }: Args): number {
  if (after === undefined || after === null) return 0
  if (typeof after === 'string' && /^\d{1,9}$/.test(after)) return Number(after)
  throw apiError('INVALID_ARGUMENT', 'after must be the endCursor of a page of the same question')
}

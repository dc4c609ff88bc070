import type { GraphNode, GraphStore, PageQuery } from './store.ts'

/**
 * Everything that a query asks for, a page of `limit` at a time. Whoever walks may write between two pages,
 * as long as he adds nothing behind the place where he is in the order.
 */
export async function* pagesOf(
  store: Pick<GraphStore, 'page'>,
  query: Omit<PageQuery, 'after'>,
): AsyncGenerator<GraphNode[]> {
  let after: PageQuery['after']
  for (;;) {
    const page = await store.page({ ...query, ...(after === undefined ? {} : { after }) })
    if (page.length > 0) yield page
    const last = page.at(-1)
    if (last === undefined || page.length < query.limit) return
    after = { value: last.columns[query.orderBy] ?? last.key, key: last.key }
  }
}

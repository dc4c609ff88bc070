import type { GraphNode, GraphStore } from '../graph/index.ts'
import { type Request, requestOf } from './request.ts'

/** The key was given to something else before. */
export interface OtherInput {
  readonly refused: 'other_input'
}

export interface Named {
  readonly request?: Request
}

/** A mutation by its key; without one it cannot be known again. */
export function named(
  by: string,
  key: string | undefined,
  says: Readonly<Record<string, unknown>>,
): Named {
  return key === undefined ? {} : { request: requestOf(by, key, says) }
}

/** The node that a mutation of this key brought; undefined where there was none. */
export async function taken(
  store: GraphStore,
  { request }: Named,
): Promise<GraphNode | OtherInput | undefined> {
  if (request === undefined) return undefined
  for (const [kind, column] of REQUESTS) {
    const [node] = await store.find(kind, column, [request.id])
    if (node === undefined) continue
    const isSame = node.columns[`${column}Digest`] === request.digest
    return isSame ? node : { refused: 'other_input' }
  }
  return undefined
}

/** Where a mutation stands in the graph: with what it brought, so that there are no more of them. */
const REQUESTS = [
  ['TriageEvent', 'request'],
  ['Suppression', 'request'],
  ['Suppression', 'endRequest'],
  ['CaseEvent', 'request'],
] as const

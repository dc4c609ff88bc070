import type { GraphNode } from '@delegraph/graph-schema'
import { CASE_ITEM_KINDS, type CaseItemKind } from '../../../cases/index.ts'
import { trimmedKey, trimmedSentence } from '../../../retention/nodes.ts'
import { textOf, wordOf } from '../../columns.ts'
import type { ApiContext } from '../../context.ts'
import { type NotFound, notFound } from '../../errors.ts'
import { type Chain, keptChain } from '../chain.ts'
import type { AgentRef } from '../fields.ts'

type Found = GraphNode | Chain | AgentRef

export function kindOf(item: GraphNode): CaseItemKind {
  return wordOf(textOf(item, 'kind'), CASE_ITEM_KINDS, 'finding')
}

/** The thing that an item stands for, as it is now; or when its evidence went. */
export async function subjectOf(item: GraphNode, context: ApiContext): Promise<Found | NotFound> {
  const [kind, id] = [kindOf(item), textOf(item, 'subject') ?? '']
  const found = await lookUp(kind, id, context)
  if (found !== undefined) return found
  const gone = await goneAt(kind, id, textOf(item, 'chain'), context)
  if (gone === undefined) return notFound(`${kind} ${id}`)
  const message = trimmedSentence(kind, id, gone)
  return { kind: 'NotFoundError', message, trimmedAt: new Date(gone) }
}

async function lookUp(
  kind: CaseItemKind,
  id: string,
  context: ApiContext,
): Promise<Found | undefined> {
  const { node } = context.load
  switch (kind) {
    case 'chain':
      return keptChain(id, context)
    case 'agent':
      return (await node.Agent(id)) && { kind: 'Agent', id }
    case 'finding':
      return withColumn(await node.Finding(id), 'at')
    case 'action':
      return withColumn(await node.Action(id), 'at')
    case 'link':
      return withColumn(await node.Link(id), 'profile')
    case 'approval':
      return node.Approval(id)
    case 'decision':
      return node.Decision(id)
  }
}

/** What is only named, or of which nothing is left but that it was there, has none of its columns. */
function withColumn(node: GraphNode | undefined, column: string): GraphNode | undefined {
  return node?.columns[column] === undefined ? undefined : node
}

/** Findings and chains are noted when they are trimmed; everything else goes with its chain. */
async function goneAt(
  kind: CaseItemKind,
  id: string,
  chain: string | undefined,
  { load }: ApiContext,
): Promise<number | undefined> {
  const own = await load.trimmed(trimmedKey(kind, id))
  return own ?? (chain === undefined ? undefined : load.trimmed(trimmedKey('chain', chain)))
}

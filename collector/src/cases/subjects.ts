import type { GraphNode, GraphStore, NodeKind } from '../graph/index.ts'
import { aboutOf, type CaseItemKind, type Subject } from './words.ts'

/** A thing that is in the graph, with the chain that its evidence is of. */
export interface KnownSubject {
  readonly chain?: string
}

const NODES = {
  finding: ['Finding', 'id'],
  chain: ['Link', 'hash'],
  link: ['Link', 'hash'],
  action: ['Action', 'id'],
  approval: ['Approval', 'hash'],
  agent: ['Agent', 'id'],
  decision: ['Decision', 'hash'],
} as const satisfies Record<CaseItemKind, readonly [NodeKind, string]>

/** Which of these things the graph has, by `aboutOf`. */
export async function knownSubjects(
  store: GraphStore,
  subjects: readonly Subject[],
): Promise<Map<string, KnownSubject>> {
  const found: [Subject, GraphNode][] = []
  for (const [kind, own] of Map.groupBy(subjects, ({ kind }) => kind)) {
    const ids = own.map(({ id }) => id)
    const [nodeKind, column] = NODES[kind]
    for (const node of await store.find(nodeKind, column, ids)) {
      if (isThere(node)) found.push([{ kind, id: node.key }, node])
    }
  }
  const chains = await chainsOf(
    store,
    found.flatMap(([, node]) => underLink(node) ?? []),
  )
  return new Map(
    found.map(([subject, node]) => {
      const chain = subject.kind === 'chain' ? subject.id : chainOf(node, chains)
      return [aboutOf(subject), chain === undefined ? {} : { chain }]
    }),
  )
}

/** A relationship or a delivery may name one before it is there. */
function isThere({ kind, columns }: GraphNode): boolean {
  return (kind !== 'Finding' && kind !== 'Action') || columns['at'] !== undefined
}

function chainOf(node: GraphNode, chains: ReadonlyMap<string, string>): string | undefined {
  const own = node.columns['chain']
  return typeof own === 'string' ? own : chains.get(underLink(node) ?? '')
}

/** An approval and a decision are of the chain of their link. */
function underLink({ kind, columns }: GraphNode): string | undefined {
  const link = columns['link']
  return (kind === 'Approval' || kind === 'Decision') && typeof link === 'string' ? link : undefined
}

async function chainsOf(store: GraphStore, links: readonly string[]): Promise<Map<string, string>> {
  const nodes = await store.find('Link', 'hash', [...new Set(links)])
  return new Map(
    nodes.flatMap(({ key, columns }) =>
      typeof columns['chain'] === 'string' ? [[key, columns['chain']]] : [],
    ),
  )
}

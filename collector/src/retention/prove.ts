import { isDeepStrictEqual } from 'node:util'
import type { GraphNode } from '@delegraph/graph-schema'
import type { GraphStore } from '../graph/index.ts'
import type { RetentionRecord } from './record.ts'

/** Whose columns say only what is known of them from what is there. */
const KNOWN_BY_OTHERS: ReadonlySet<string> = new Set<GraphNode['kind']>([
  'Principal',
  'Agent',
  'Key',
  'Tool',
  'Resource',
  'Data',
])

/**
 * Whether the graph without what is to go says the same of everything that stays: every link, action,
 * artefact and open finding, column by column. That is the promise itself, checked on the case at hand,
 * whatever the planning overlooked.
 *
 * @returns sentences of what would change, at most ten; empty where nothing would
 */
export async function differences(
  before: GraphStore,
  after: GraphStore,
  record: RetentionRecord,
): Promise<string[]> {
  const gone = new Set([...record.links.map(({ hash }) => hash), ...record.findings])
  const found: string[] = []
  const old = await byKey(before)
  for (const [name, node] of await byKey(after)) {
    const was = old.get(name)
    old.delete(name)
    if (gone.has(node.key) || KNOWN_BY_OTHERS.has(node.kind) || isStub(node)) continue
    if (!isDeepStrictEqual(was?.columns, node.columns))
      found.push(`${name} would say something else`)
  }
  for (const [name, node] of old) {
    const open = node.kind === 'Finding' && node.columns['state'] === 'open'
    if (open && !gone.has(node.key)) found.push(`${name} would be gone`)
    if (node.kind === 'Link' && !gone.has(node.key)) found.push(`${name} would be gone unsaid`)
  }
  return found.slice(0, 10)
}

/** Only named, by something that stays. */
function isStub({ columns }: GraphNode): boolean {
  return Object.keys(columns).length <= 1
}

async function byKey(store: GraphStore): Promise<Map<string, GraphNode>> {
  const all = new Map<string, GraphNode>()
  for await (const item of store.dump()) {
    if (!('columns' in item)) continue
    const { kind, columns } = item
    if (kind === 'Evidence') continue
    if (kind === 'Finding' && columns['state'] !== 'open') continue
    all.set(`${kind} ${item.key}`, item)
  }
  return all
}

import type { GraphNode } from '@delegraph/graph-schema'
import type { GraphBatch, GraphStore } from '../graph/index.ts'
import type { GraphChange } from '../retention/changes.ts'
import { trimmedNodes } from '../retention/nodes.ts'
import type { RetentionRecord } from '../retention/record.ts'

/** Changes that are written at once: others read and write between two portions. */
const PORTION = 200

/**
 * Takes out of a graph what a retention record names, as it would be had it never been there but for
 * what says that it is gone. Says so first and takes it out then, in portions; may be stopped and done
 * again.
 */
export async function takeOut(
  store: GraphStore,
  record: RetentionRecord,
  changes: AsyncIterable<GraphChange>,
): Promise<void> {
  const said = trimmedNodes(record)
  for (let i = 0; i < said.length; i += PORTION) {
    await store.write({ nodes: said.slice(i, i + PORTION), edges: [] })
  }
  const links = new Map(said.flatMap((node) => (node.kind === 'Link' ? [[node.key, node]] : [])))
  let portion: GraphChange[] = []
  const flush = async (): Promise<void> => {
    const batch = await batchOf(store, portion, links)
    await store.write(batch)
    portion = []
    await new Promise((resolve) => setImmediate(resolve))
  }
  for await (const change of changes) {
    portion.push(change)
    if (portion.length >= PORTION) await flush()
  }
  await flush()
}

async function batchOf(
  store: GraphStore,
  changes: readonly GraphChange[],
  links: ReadonlyMap<string, GraphNode>,
): Promise<GraphBatch> {
  const removed = changes.flatMap((change) => ('removed' in change ? [change.removed] : []))
  const nodes = changes.flatMap((change) => ('node' in change ? [change.node] : []))
  const edges = changes.flatMap((change) => ('edges' in change ? [change.edges] : []))
  // A trimmed link stays as what it says of itself now.
  const stays = removed.flatMap(({ kind, key }) =>
    kind === 'Link' ? [links.get(key) ?? []].flat() : [],
  )
  const history = await historyOf(store, removed)
  return {
    removed: [...removed, ...history.removed],
    nodes: [
      ...nodes.map(({ kind, key, columns }) => {
        const more = kind === 'Link' ? links.get(key)?.columns : undefined
        return { kind, key, columns: { ...columns, ...more }, whole: true } as const
      }),
      ...stays,
      ...history.nodes,
    ],
    cleared: edges.map(({ kind, from }) => ({ kind, from })),
    edges: edges.flatMap(({ kind, from, to }) => to.map((end) => ({ kind, from, to: end }))),
  }
}

/** Columns that say that an alert was told; a graph that is made anew knows them from the journal. */
const TOLD = [
  'finding',
  'channel',
  'group',
  'rule',
  'severity',
  'pages',
  'change',
  'state',
] as const
/** What somebody is still to be told. */
const OWED: ReadonlySet<unknown> = new Set(['owed', 'held'])

/**
 * What a graph says of findings besides: how they changed, and what was told of them. Also of findings
 * that held only for a moment, which nobody named.
 */
async function historyOf(
  store: GraphStore,
  removed: readonly { readonly kind: string; readonly key: string }[],
): Promise<Required<Pick<GraphBatch, 'removed' | 'nodes'>>> {
  const keysOf = (wanted: string): string[] =>
    removed.flatMap(({ kind, key }) => (kind === wanted ? [key] : []))
  const passing = [
    ...(await store.find('Finding', 'action', keysOf('Action'))),
    ...(await store.find('Finding', 'link', keysOf('Link'))),
  ].filter(({ columns }) => columns['state'] !== 'open')
  const findings = [...new Set([...keysOf('Finding'), ...passing.map(({ key }) => key)])]
  const events = await store.find('FindingEvent', 'finding', findings)
  const alerts = await store.find('Alert', 'finding', findings)
  const over = alerts.filter(({ columns }) => !OWED.has(columns['state']))
  const told = over.filter(({ columns }) => columns['recordedAs'] !== undefined)
  const untold = over.filter(({ columns }) => columns['recordedAs'] === undefined)
  return {
    removed: [...passing, ...events, ...untold].map(({ kind, key }) => ({ kind, key })),
    nodes: told.map(({ kind, key, columns }) => ({
      kind,
      key,
      columns: Object.fromEntries(
        TOLD.flatMap((name) => {
          // What was told, and not what became of it when it was owed again.
          const value =
            name === 'state' ? (columns['recordedState'] ?? columns[name]) : columns[name]
          return value === undefined ? [] : [[name, value]]
        }),
      ),
      whole: true,
    })),
  }
}

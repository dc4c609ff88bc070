import type { GraphNode, GraphStore } from '../graph/index.ts'
import type { JudgedAction } from '../verify/action.ts'
import type { Registry } from '../verify/registry.ts'
import { actionsDownstream } from './downstream.ts'
import { FLOW_WINDOW } from './flows.ts'
import { distinct, textOf } from './nodes.ts'
import { presentersOf } from './secrets.ts'
import { hasEnded } from './surroundings.ts'

/** Later actions that are judged again at most for one batch. */
const MAX_LATER = 2_000

/**
 * Other actions that what was just judged bears on: those that its data reached, those that a change
 * of policy or configuration governs, those that a conflict rule keeps apart from it, and those that
 * count uses of the same thing. Whatever came first is judged again when the other one comes.
 */
export async function actionsBeside(
  store: GraphStore,
  actions: readonly JudgedAction[],
  registry: Registry,
): Promise<string[]> {
  const data = distinct(actions.flatMap(({ dataOut }) => dataOut))
  const downstream =
    data.length === 0 ? [] : await actionsDownstream(store, { movements: [], data })
  const own = new Set(actions.map(({ id }) => id))
  return distinct([
    ...downstream,
    ...(await governedBy(
      store,
      actions.filter(({ control }) => control),
    )),
    ...(await keptApart(store, actions, registry)),
    ...(await sharing(store, actions.filter(hasEnded))),
    ...(await presentersOf(
      store,
      distinct([...data, ...actions.flatMap(({ credential }) => credential ?? [])]),
    )),
  ]).filter((id) => !own.has(id))
}

/** Whoever made the change, whom it configured, who cites what was written, and who read it since. */
async function governedBy(store: GraphStore, changes: readonly JudgedAction[]): Promise<string[]> {
  if (changes.length === 0) return []
  const resources = distinct(changes.flatMap(({ resource }) => resource ?? []))
  const readings = await store.find('Movement', 'resource', resources)
  const since = Math.min(...changes.map(({ moment }) => moment))
  const agents = distinct([
    ...changes.map(({ agent }) => agent),
    ...resources,
    ...readings.flatMap((node) => textOf(node, 'agent') ?? []),
  ])
  const later = await laterActions(store, { agent: agents }, since)
  const data = distinct(changes.flatMap(({ dataOut }) => dataOut))
  const nodes = [
    ...later,
    ...(await store.find('Action', 'link', await below(store, resources))),
    ...(await store.find('Action', 'credential', resources)),
  ]
  return [
    ...nodes.map((node) => node.key),
    ...(await store.neighbours('USED', 'in', resources)),
    ...(await actionsDownstream(store, { movements: readings, data })),
  ]
}

async function below(store: GraphStore, links: readonly string[]): Promise<string[]> {
  const nodes = await store.descendants(links, MAX_LATER)
  return distinct([...links, ...nodes.map((node) => node.key)])
}

async function keptApart(
  store: GraphStore,
  actions: readonly JudgedAction[],
  registry: Registry,
): Promise<string[]> {
  const tools = distinct(actions.flatMap(({ tool }) => registry.conflictsOf(tool)))
  if (tools.length === 0) return []
  const since = Math.min(...actions.map(({ moment }) => moment))
  return (await laterActions(store, { tool: tools }, since)).map((node) => node.key)
}

/** Other uses of what had come to its end. */
async function sharing(store: GraphStore, ended: readonly JudgedAction[]): Promise<string[]> {
  const links = distinct(ended.flatMap(({ link }) => link ?? []))
  const credentials = distinct(ended.flatMap(({ credential }) => credential ?? []))
  const approvals = distinct(ended.flatMap(({ citedApprovals }) => citedApprovals))
  const nodes = [
    ...(await store.find('Action', 'link', links)),
    ...(await store.find('Action', 'credential', credentials)),
  ]
  return [...nodes.map((node) => node.key), ...(await store.neighbours('USED', 'in', approvals))]
}

async function laterActions(
  store: GraphStore,
  equals: Readonly<Record<string, readonly string[]>>,
  since: number,
): Promise<GraphNode[]> {
  return store.page({
    kind: 'Action',
    where: { equals, min: { at: since }, max: { at: since + FLOW_WINDOW } },
    orderBy: 'at',
    direction: 'asc',
    limit: MAX_LATER,
  })
}

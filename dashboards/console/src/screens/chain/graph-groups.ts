import type { GraphEdge, GraphModel, GraphNode } from './graph-model.ts'

/** Fewer that are alike are shown one by one. */
const FEWEST = 3
/** As many come out of a group each time that it is opened. */
const SHOWN = 10

/**
 * The same picture with siblings that are alike as one node: what has one way to it, from the same party, with the same
 * scope, and nothing but the like of each other below. What is to be looked at is never hidden, nor what somebody opened.
 */
export function grouped(model: GraphModel, open: ReadonlySet<string>): GraphModel {
  const nodes = new Map(model.nodes.map((node) => [node.id, node]))
  const into = Map.groupBy(model.edges, ({ to }) => to)
  const out = Map.groupBy(model.edges, ({ from }) => from)
  const likeness = likenessOf(nodes, into, out)
  const gone = new Set<string>()
  const groups: { readonly node: GraphNode; readonly edge: GraphEdge }[] = []
  for (const [from, edges] of out) {
    const siblings = edges.flatMap((edge) => {
      const like = likeness(edge.to)
      return like === undefined ? [] : [{ edge, like }]
    })
    for (const all of Map.groupBy(siblings, ({ like }) => like).values()) {
      const alike = hidden(all, open)
      const [first] = alike
      if (first === undefined) continue
      const id = groupId(first)
      const node = nodes.get(first.edge.to)
      if (node === undefined) continue
      for (const { edge } of alike) for (const key of below(edge.to, out)) gone.add(key)
      groups.push({
        node: { ...node, id, select: undefined, members: alike.length },
        edge: { ...first.edge, id: `to-${id}`, from, to: id },
      })
    }
  }
  const shown = groups.filter(({ edge }) => !gone.has(edge.from))
  return {
    nodes: [...model.nodes.filter(({ id }) => !gone.has(id)), ...shown.map(({ node }) => node)],
    edges: [
      ...model.edges.filter(({ from, to }) => !gone.has(from) && !gone.has(to)),
      ...shown.map(({ edge }) => edge),
    ],
  }
}

interface Sibling {
  readonly edge: GraphEdge
}

/** By the first that it hides, so that what is left of an opened group is another group. */
function groupId({ edge }: Sibling): string {
  return `group-${edge.to}`
}

/** Those that stay in the group; none where too few would. */
function hidden<One extends Sibling>(alike: readonly One[], open: ReadonlySet<string>): One[] {
  const [first] = alike
  if (first === undefined || alike.length < FEWEST) return []
  return open.has(groupId(first)) ? hidden(alike.slice(SHOWN), open) : [...alike]
}

type Edges = ReadonlyMap<string, readonly GraphEdge[]>

/** In what a node and all below it are alike; undefined where it cannot stand for others. */
function likenessOf(
  nodes: ReadonlyMap<string, GraphNode>,
  into: Edges,
  out: Edges,
): (id: string) => string | undefined {
  const known = new Map<string, string | undefined>()
  const visit = (id: string): string | undefined => {
    if (known.has(id)) return known.get(id)
    // Whoever is met again on the way down is in a circle, and like nobody.
    known.set(id, undefined)
    const like = likeOf(id)
    known.set(id, like)
    return like
  }
  const likeOf = (id: string): string | undefined => {
    const node = nodes.get(id)
    const [only, ...others] = into.get(id) ?? []
    if (node === undefined || only === undefined || others.length > 0) return undefined
    if (node.isTrouble || only.tone === 'bad' || only.kind === 'approval') return undefined
    const under = (out.get(id) ?? []).map(({ to }) => visit(to))
    if (under.includes(undefined)) return undefined
    const scope = node.chips.map(({ tool, state }) => `${tool} ${state}`)
    return JSON.stringify([node.kind, only.kind, only.tone, scope, [...new Set(under)].sort()])
  }
  return visit
}

/** A node and all below it, each once. */
function below(id: string, out: Edges): Set<string> {
  const found = new Set([id])
  for (const one of found) for (const { to } of out.get(one) ?? []) found.add(to)
  return found
}

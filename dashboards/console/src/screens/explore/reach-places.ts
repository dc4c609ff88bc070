import type { ReachGraph, ReachNode } from './reach-graph.ts'

export interface Place {
  readonly x: number
  readonly y: number
}

interface Layout {
  readonly places: ReadonlyMap<string, Place>
  readonly isRound: boolean
}

export interface Size {
  readonly width: number
  readonly height: number
}

/** More leaves than this stand in a circle: a column of them would be a line. */
const MAX_COLUMN = 40

/** The start left, or in the middle; each step further out; whatever hangs together beside each other. */
function placed({ nodes, edges }: ReachGraph): Layout {
  const below = new Map<string, string[]>()
  const hung = new Set<string>()
  for (const { from, to } of edges) {
    if (hung.has(to) || to === nodes[0]?.key) continue
    hung.add(to)
    below.set(from, [...(below.get(from) ?? []), to])
  }
  const rank = new Map<string, number>()
  let leaves = 0
  const visit = (key: string, path: ReadonlySet<string>): number => {
    const under = (below.get(key) ?? []).filter((one) => !path.has(one))
    // What ends here comes first, so that a long chain goes down in steps.
    const ordered = [
      ...under.filter((one) => !below.has(one)),
      ...under.filter((one) => below.has(one)),
    ]
    const ranks = ordered.map((one) => visit(one, new Set([...path, one])))
    const own = ranks.length === 0 ? leaves++ : ((ranks[0] ?? 0) + (ranks.at(-1) ?? 0)) / 2
    rank.set(key, own)
    return own
  }
  const [start] = nodes
  if (start !== undefined) visit(start.key, new Set([start.key]))
  const isRound = leaves > MAX_COLUMN
  const deepest = Math.max(1, ...nodes.map(({ depth }) => depth))
  const radius = radii(nodes, deepest)
  const places = new Map(
    nodes.map(({ key, depth }) => {
      const at = rank.get(key) ?? leaves
      if (!isRound) return [key, { x: depth, y: -at }]
      const angle = (at / leaves) * 2 * Math.PI
      const from = radius[depth] ?? depth
      return [key, { x: from * Math.cos(angle), y: from * Math.sin(angle) }]
    }),
  )
  return { places, isRound }
}

/** How far out each step is; a step with a single fact needs little room. */
function radii(nodes: readonly ReachNode[], deepest: number): number[] {
  let from = 0
  return Array.from({ length: deepest + 1 }, (_, depth) => {
    if (depth === 0) return 0
    from += nodes.filter((node) => node.depth === depth).length === 1 ? 0.4 : 1
    return from
  })
}

/**
 * Where each fact stands in a picture of `size`, pixels, upwards. A column is stretched to all of it, a circle
 * stays one; `margin` is what names need beside it.
 */
export function placedIn(graph: ReachGraph, size: Size, margin: Size): ReadonlyMap<string, Place> {
  const { places, isRound } = placed(graph)
  const across = spanOf([...places.values()].map(({ x }) => x))
  const upwards = spanOf([...places.values()].map(({ y }) => y))
  const room = {
    x: Math.max(size.width - 2 * margin.width, 1),
    y: Math.max(size.height - 2 * margin.height, 1),
  }
  const scale = { x: room.x / across.extent, y: room.y / upwards.extent }
  const least = Math.min(scale.x, scale.y)
  const { x: byX, y: byY } = isRound ? { x: least, y: least } : scale
  return new Map(
    [...places].map(([key, { x, y }]) => [
      key,
      {
        x: size.width / 2 + (x - across.middle) * byX,
        y: size.height / 2 + (y - upwards.middle) * byY,
      },
    ]),
  )
}

function spanOf(values: readonly number[]): { readonly middle: number; readonly extent: number } {
  const least = Math.min(...values)
  const most = Math.max(...values)
  return { middle: (least + most) / 2, extent: most - least || 1 }
}

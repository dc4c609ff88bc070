import { useComputedColorScheme } from '@mantine/core'
import Graph from 'graphology'
import { useEffect, useRef } from 'react'
import Sigma from 'sigma'
import type { MenuAt } from './fact-menu.tsx'
import { type ReachGraph, type ReachNode, throughNode } from './reach-graph.ts'
import { type Place, placedIn, type Size } from './reach-places.ts'

interface Props {
  readonly graph: ReachGraph
  readonly select: string | undefined
  readonly onSelect: (key: string | undefined) => void
  /** A fact was pointed at with the other button. */
  readonly onMenu: (at: MenuAt) => void
  /** Where the browser cannot draw it after all. */
  readonly onFailure: () => void
}

/** So few that each can have its name. */
const NAMED = 60
/** Steps that leave room for a name at each. */
const SHALLOW = 6

/** All paths at once; lazily loaded, and never the only way to the same: the table is. */
export default function ReachPicture({ graph, select, onSelect, onMenu, onFailure }: Props) {
  const scheme = useComputedColorScheme('light')
  const place = useRef<HTMLDivElement>(null)
  const drawn = useRef<{ readonly sigma: Sigma; readonly graph: ReachGraph }>(undefined)
  const calls = useRef({ onSelect, onMenu, onFailure })
  calls.current = { onSelect, onMenu, onFailure }
  const selected = useRef<string>(undefined)
  // biome-ignore lint/correctness/useExhaustiveDependencies: colours are read anew in the other scheme
  useEffect(() => {
    const container = place.current
    if (container === null) return
    let sigma: Sigma
    try {
      sigma = draw(container, graph, coloursOf(container), () => selected.current)
    } catch {
      return calls.current.onFailure()
    }
    sigma.on('clickNode', ({ node }) => calls.current.onSelect(node))
    sigma.on('rightClickNode', ({ node, event, preventSigmaDefault }) => {
      preventSigmaDefault()
      const { left, top } = container.getBoundingClientRect()
      calls.current.onMenu({ key: node, x: left + event.x, y: top + event.y })
    })
    sigma.on('clickStage', () => calls.current.onSelect(undefined))
    sigma.on('enterNode', () => container.classList.add('is-over'))
    sigma.on('leaveNode', () => container.classList.remove('is-over'))
    drawn.current = { sigma, graph }
    const resized = new ResizeObserver(() => fit(sigma, container, graph))
    resized.observe(container)
    return () => {
      resized.disconnect()
      drawn.current = undefined
      sigma.kill()
    }
  }, [graph, scheme])
  useEffect(() => {
    selected.current = select
    drawn.current?.sigma.refresh({ skipIndexation: true })
  }, [select])
  const zoom = (by: 'in' | 'out' | 'whole'): void => {
    const camera = drawn.current?.sigma.getCamera()
    if (camera === undefined) return
    if (by === 'whole') void camera.animatedReset({ duration: 0 })
    else camera.setState({ ratio: camera.ratio * (by === 'in' ? 0.7 : 1 / 0.7) })
  }
  return (
    <div className="reach-picture">
      <div
        ref={place}
        className="reach-canvas"
        role="img"
        aria-label={`Picture of ${graph.nodes.length} facts and ${graph.edges.length} steps; the table says the same.`}
      />
      <div className="reach-zoom">
        <button type="button" aria-label="Zoom in" onClick={() => zoom('in')}>
          +
        </button>
        <button type="button" aria-label="Zoom out" onClick={() => zoom('out')}>
          −
        </button>
        <button type="button" aria-label="Show the whole picture" onClick={() => zoom('whole')}>
          ⤢
        </button>
      </div>
    </div>
  )
}

interface Colours {
  readonly surface: string
  readonly ink: string
  readonly dim: string
  readonly line: string
  readonly fact: string
  readonly start: string
  readonly granted: string
  readonly inherited: string
  readonly choke: string
}

function coloursOf(element: Element): Colours {
  const style = getComputedStyle(element)
  const colour = (name: string): string => style.getPropertyValue(`--${name}`).trim()
  return {
    surface: colour('surface'),
    ink: colour('ink'),
    dim: colour('line'),
    line: colour('line-strong'),
    fact: colour('ink-3'),
    start: colour('accent'),
    granted: colour('good'),
    inherited: colour('bad'),
    choke: colour('warn'),
  }
}

function draw(
  container: HTMLElement,
  graph: ReachGraph,
  colours: Colours,
  selected: () => string | undefined,
): Sigma {
  const [start] = graph.nodes
  const { isSmall, isShallow } = proportions(graph)
  const size = sizeIn(container)
  const places = placesIn(graph, size)
  const picture = new Graph({ type: 'directed', allowSelfLoops: false })
  for (const node of graph.nodes) {
    picture.addNode(node.key, {
      ...places.get(node.key),
      label:
        node.choke === undefined || node === start ? node.label : `${node.label} (choke point)`,
      size: sizeOf(node, node === start, isSmall),
      color: colourOf(node, node === start, colours),
      side: sideOf(node, isSmall && !isShallow),
      forceLabel: isSmall || node === start || node.choke !== undefined,
    })
  }
  for (const { from, to, isInherited } of graph.edges) {
    if (from === to || picture.hasEdge(from, to)) continue
    const color = isInherited ? colours.inherited : colours.line
    picture.addEdge(from, to, { color, size: isSmall ? 2 : 1, type: 'arrow' })
  }
  let path: { readonly of: string | undefined; readonly keys: ReadonlySet<string> } = {
    of: undefined,
    keys: new Set(),
  }
  const onPath = (): ReadonlySet<string> | undefined => {
    const of = selected()
    if (of === undefined) return undefined
    if (path.of !== of) path = { of, keys: throughNode(graph, of) }
    return path.keys.size === 0 ? undefined : path.keys
  }
  const sigma = new Sigma(picture, container, {
    allowInvalidContainer: true,
    renderEdgeLabels: false,
    labelFont: 'system-ui, sans-serif',
    labelSize: 13,
    labelColor: { color: colours.ink },
    labelRenderedSizeThreshold: isSmall ? 0 : 9,
    labelDensity: 0.6,
    stagePadding: 0,
    minCameraRatio: 0.02,
    maxCameraRatio: 3,
    defaultDrawNodeLabel: (context, data, settings) => {
      // Of what is selected the label is drawn as when it is pointed at.
      if (data.label == null || (data as { highlighted?: boolean }).highlighted === true) return
      context.font = `${settings.labelSize}px ${settings.labelFont}`
      const { x, y, align } = namePlace(data, settings.labelSize)
      context.textAlign = align
      context.lineWidth = 5
      context.lineJoin = 'round'
      context.strokeStyle = colours.surface
      context.strokeText(data.label, x, y)
      context.fillStyle = colours.ink
      context.fillText(data.label, x, y)
      context.textAlign = 'left'
    },
    defaultDrawNodeHover: (context, data, settings) => {
      if (data.label == null) return
      context.font = `${settings.labelSize}px ${settings.labelFont}`
      const width = context.measureText(data.label).width + 12
      context.fillStyle = colours.surface
      context.strokeStyle = colours.line
      context.beginPath()
      context.roundRect(data.x + data.size, data.y - 12, width, 24, 5)
      context.fill()
      context.stroke()
      context.fillStyle = colours.ink
      context.fillText(data.label, data.x + data.size + 6, data.y + settings.labelSize / 3)
    },
    nodeReducer: (key, data) => {
      const keys = onPath()
      if (keys === undefined) return data
      if (!keys.has(key)) return { ...data, color: colours.dim, label: null, forceLabel: false }
      const isNamed = keys.size <= NAMED || data['forceLabel'] === true
      return { ...data, forceLabel: isNamed, highlighted: key === selected(), zIndex: 1 }
    },
    edgeReducer: (edge, data) => {
      const keys = onPath()
      if (keys === undefined) return data
      const [from, to] = picture.extremities(edge)
      return keys.has(from) && keys.has(to)
        ? { ...data, size: (data['size'] as number) + 1.5, color: colours.start, zIndex: 1 }
        : { ...data, color: colours.dim }
    },
    zIndex: true,
  })
  sigma.setCustomBBox({ x: [0, size.width], y: [0, size.height] })
  return sigma
}

/** Places all anew where the room became another: a column is stretched to it. */
function fit(sigma: Sigma, container: HTMLElement, graph: ReachGraph): void {
  const size = sizeIn(container)
  if (size.width === 0 || size.height === 0) return
  const picture = sigma.getGraph()
  for (const [key, place] of placesIn(graph, size)) picture.mergeNodeAttributes(key, place)
  sigma.setCustomBBox({ x: [0, size.width], y: [0, size.height] })
  sigma.resize()
  sigma.refresh()
}

/** Few facts have names, and short paths room for one at each step. */
function proportions({ nodes }: ReachGraph): { isSmall: boolean; isShallow: boolean } {
  return {
    isSmall: nodes.length <= NAMED,
    isShallow: nodes.every(({ depth }) => depth <= SHALLOW),
  }
}

function sizeIn({ clientWidth: width, clientHeight: height }: HTMLElement): Size {
  return { width, height }
}

function placesIn(graph: ReachGraph, size: Size): ReadonlyMap<string, Place> {
  const { isSmall, isShallow } = proportions(graph)
  const margin = isSmall ? { width: isShallow ? 200 : 220, height: 40 } : { width: 50, height: 50 }
  return placedIn(graph, size, margin)
}

/** Where a name has room: beside a permission, before a step of a long chain, above or below all others. */
function namePlace(
  data: { readonly x: number; readonly y: number; readonly size: number; readonly side?: string },
  labelSize: number,
): { readonly x: number; readonly y: number; readonly align: CanvasTextAlign } {
  const { x, y, size } = data
  if (data.side === 'right') return { x: x + size + 5, y: y + labelSize / 3, align: 'left' }
  if (data.side === 'left') return { x: x - size - 5, y: y + labelSize / 3, align: 'right' }
  if (data.side === 'below') return { x, y: y + size + labelSize + 2, align: 'center' }
  return { x, y: y - size - 6, align: 'center' }
}

/** Names of one step stand above, of the next below: neighbours do not write over each other. */
function sideOf({ kind, depth }: ReachNode, isLong: boolean): string {
  if (kind === 'permission') return 'right'
  if (isLong) return 'left'
  return depth > 0 && depth % 2 === 0 ? 'below' : 'above'
}

function sizeOf(node: ReachNode, isStart: boolean, isSmall: boolean): number {
  if (isStart) return isSmall ? 15 : 12
  const base = node.kind === 'permission' ? 3 : 4
  return (isSmall ? base + 5 : base) + Math.min(6, Math.log2(node.rows.length))
}

function colourOf(node: ReachNode, isStart: boolean, colours: Colours): string {
  if (isStart) return colours.start
  if (node.choke !== undefined) return colours.choke
  if (node.kind !== 'permission') return colours.fact
  return node.rows.some(({ rule }) => rule === 'GIVEN') ? colours.granted : colours.inherited
}

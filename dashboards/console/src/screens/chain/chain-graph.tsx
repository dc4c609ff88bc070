import { Button, useComputedColorScheme } from '@mantine/core'
import {
  Background,
  Controls,
  type Edge,
  Handle,
  MarkerType,
  type Node,
  type NodeProps,
  Position,
  ReactFlow,
  ReactFlowProvider,
  useReactFlow,
} from '@xyflow/react'
import '@xyflow/react/dist/style.css'
import { useEffect, useMemo, useState } from 'react'
import { Icon } from '../../shared/icon.tsx'
import { ScopeChip } from '../../shared/scope-chip.tsx'
import { Empty, Loading } from '../../shared/states.tsx'
import type { ChainAction, ChainLink } from './documents.ts'
import './chain-graph.css'
import { layOut, type Placed } from './graph-layout.ts'
import { type GraphModel, type GraphNode, graphModel, MAX_NODES } from './graph-model.ts'

interface Props {
  readonly links: readonly ChainLink[]
  readonly actions: readonly ChainAction[]
  readonly select: string | undefined
  readonly onSelect: (key: string | undefined) => void
  readonly toLanes: () => void
}

const WIDTH = 240
const MAX_CHIPS = 4

/** The chain as a picture; lazily loaded, since most investigations need only the swimlane. */
export default function ChainGraph(props: Props) {
  const { links, actions, toLanes } = props
  const model = useMemo(() => graphModel(links, actions), [links, actions])
  const [placed, setPlaced] = useState<ReadonlyMap<string, Placed> | 'late'>()
  const isLarge = model.nodes.length > MAX_NODES
  useEffect(() => {
    if (isLarge) return
    let current = true
    const sizes = new Map(model.nodes.map((node) => [node.id, heightOf(node)]))
    layOut(model, (id) => ({ width: WIDTH, height: sizes.get(id) ?? 60 })).then(
      (found) => current && setPlaced(found),
      () => current && setPlaced('late'),
    )
    return () => {
      current = false
    }
  }, [model, isLarge])
  if (isLarge || placed === 'late') {
    return (
      <Empty
        title={
          isLarge
            ? `${model.nodes.length} parties and calls are too many for a picture.`
            : 'This graph takes too long to lay out.'
        }
      >
        <Button variant="default" onClick={toLanes}>
          Show the swimlane
        </Button>
      </Empty>
    )
  }
  if (placed === undefined) return <Loading what="the layout" />
  return (
    <ReactFlowProvider>
      <Picture {...props} model={model} placed={placed} />
    </ReactFlowProvider>
  )
}

function heightOf({ chips, kind }: GraphNode): number {
  return (kind === 'call' ? 40 : 44) + Math.min(chips.length, MAX_CHIPS) * 26 + 12
}

type PartyNode = Node<{ readonly node: GraphNode }, 'party'>

function Picture({
  model,
  placed,
  select,
  onSelect,
}: Props & { readonly model: GraphModel; readonly placed: ReadonlyMap<string, Placed> }) {
  const scheme = useComputedColorScheme('light')
  const { fitView } = useReactFlow()
  const focus = model.nodes.find(({ isTrouble }) => isTrouble)?.id
  const nodes = model.nodes.map(
    (node): PartyNode => ({
      id: node.id,
      type: 'party',
      position: placed.get(node.id) ?? { x: 0, y: 0 },
      data: { node },
      width: WIDTH,
      height: heightOf(node),
      selected: node.select !== undefined && node.select === select,
      ariaLabel: `${node.kind} ${node.name}`,
    }),
  )
  const edges = model.edges.map(
    ({ id, from, to, label, tone, kind }): Edge => ({
      id,
      source: from,
      target: to,
      // Beside the link between the same two, not over it.
      ...(kind === 'approval' ? { sourceHandle: 'below', targetHandle: 'below' } : {}),
      label,
      className: `edge-${kind} edge-tone-${tone}`,
      markerEnd: { type: MarkerType.ArrowClosed, width: 12, height: 12, color: 'var(--edge)' },
      selected: id === select,
      ariaLabel: label,
    }),
  )
  // Small pictures fit whole and stay legible; of a large one the part that matters is shown first.
  useEffect(() => {
    const close = model.nodes.length > 12 && focus !== undefined ? [{ id: focus }] : undefined
    void fitView({ ...(close === undefined ? {} : { nodes: close }), maxZoom: 1.1, padding: 0.15 })
  }, [fitView, model, focus])
  return (
    <ReactFlow
      nodes={nodes}
      edges={edges}
      nodeTypes={NODE_TYPES}
      colorMode={scheme}
      nodesDraggable={false}
      nodesConnectable={false}
      minZoom={0.1}
      onlyRenderVisibleElements={model.nodes.length > 100}
      onNodeClick={(_, { data }) => onSelect((data as PartyNode['data']).node.select)}
      onEdgeClick={(_, { id }) => onSelect(id.replace(/^by-/, ''))}
      onPaneClick={() => onSelect(undefined)}
      proOptions={{ hideAttribution: false }}
    >
      <Background />
      <Controls showInteractive={false} />
    </ReactFlow>
  )
}

function Party({ data: { node } }: NodeProps<PartyNode>) {
  const { kind, name, chips, isTrouble } = node
  return (
    <div className={`party party-${kind}${isTrouble ? ' is-trouble' : ''}`}>
      <Handle type="target" position={Position.Left} isConnectable={false} />
      <div className="party-name">
        <Icon
          name={
            kind === 'principal'
              ? 'person'
              : kind === 'agent'
                ? 'agent'
                : kind === 'call'
                  ? 'right'
                  : 'question'
          }
        />
        <b>{name}</b>
      </div>
      {chips.slice(0, MAX_CHIPS).map((chip) => (
        <ScopeChip key={chip.tool} {...chip} />
      ))}
      <Handle type="source" position={Position.Right} isConnectable={false} />
      <Handle type="target" id="below" position={Position.Bottom} isConnectable={false} />
      <Handle type="source" id="below" position={Position.Bottom} isConnectable={false} />
    </div>
  )
}

const NODE_TYPES = { party: Party }

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
  useStore,
} from '@xyflow/react'
import '@xyflow/react/dist/style.css'
import { useEffect, useMemo, useState } from 'react'
import { Icon } from '../../shared/icon.tsx'
import { ScopeChip } from '../../shared/scope-chip.tsx'
import { Empty, Loading } from '../../shared/states.tsx'
import type { ChainAction, ChainLink } from './documents.ts'
import './chain-graph.css'
import { grouped } from './graph-groups.ts'
import { layOut, type Placed } from './graph-layout.ts'
import { type GraphModel, type GraphNode, graphModel, MAX_NODES } from './graph-model.ts'

interface Props {
  readonly links: readonly ChainLink[]
  readonly actions: readonly ChainAction[]
  readonly select: string | undefined
  readonly onSelect: (key: string | undefined) => void
  /** Groups that are open. */
  readonly unfold: readonly string[] | undefined
  readonly onUnfold: (key: string) => void
  readonly toLanes: () => void
}

const WIDTH = 240
const MAX_CHIPS = 4
/** Below this zoom chips cannot be read: a node is then its icon, its name and its state. */
const FAR = 0.5

/** The chain as a picture; lazily loaded, since most investigations need only the swimlane. */
export default function ChainGraph(props: Props) {
  const { links, actions, unfold, toLanes } = props
  const model = useMemo(() => {
    const whole = graphModel(links, actions)
    return whole.nodes.length > MAX_NODES ? grouped(whole, new Set(unfold)) : whole
  }, [links, actions, unfold])
  const [drawn, setDrawn] = useState<Drawn | 'late'>()
  const isLarge = model.nodes.length > MAX_NODES
  useEffect(() => {
    if (isLarge) return
    let current = true
    const sizes = new Map(model.nodes.map((node) => [node.id, heightOf(node)]))
    layOut(model, (id) => ({ width: WIDTH, height: sizes.get(id) ?? 60 })).then(
      (placed) => current && setDrawn({ model, placed }),
      () => current && setDrawn('late'),
    )
    return () => {
      current = false
    }
  }, [model, isLarge])
  if (isLarge || drawn === 'late') {
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
  if (drawn === undefined) return <Loading what="the layout" />
  return (
    <ReactFlowProvider>
      <Picture {...props} {...drawn} />
    </ReactFlowProvider>
  )
}

/** A model where its nodes have places: another one is shown once it has them. */
interface Drawn {
  readonly model: GraphModel
  readonly placed: ReadonlyMap<string, Placed>
}

function heightOf({ chips, kind }: GraphNode): number {
  return (kind === 'call' ? 40 : 44) + Math.min(chips.length, MAX_CHIPS) * 26 + 12
}

/** As it is read out. */
function ariaOf({ kind, name, members, isTrouble }: GraphNode): string {
  if (members !== undefined) return `${members} like ${kind} ${name}, opens them`
  return `${kind} ${name}${isTrouble ? ', no link grants what it did' : ''}`
}

type PartyNode = Node<{ readonly node: GraphNode }, 'party'>

function Picture({ model, placed, select, onSelect, unfold, onUnfold }: Props & Drawn) {
  const scheme = useComputedColorScheme('light')
  const { fitView } = useReactFlow()
  const isFar = useStore(({ transform }) => transform[2] < FAR)
  const opened = unfold?.at(-1)?.replace(/^group-/, '')
  const focus =
    model.nodes.find(({ id }) => id === opened)?.id ??
    model.nodes.find(({ isTrouble }) => isTrouble)?.id
  const nodes = model.nodes.map(
    (node): PartyNode => ({
      id: node.id,
      type: 'party',
      position: placed.get(node.id) ?? { x: 0, y: 0 },
      data: { node },
      width: WIDTH,
      height: heightOf(node),
      selected: node.select !== undefined && node.select === select,
      ariaLabel: ariaOf(node),
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
      className={isFar ? 'graph-far' : ''}
      onNodeClick={(_, { data }) => {
        const { id, select, members } = (data as PartyNode['data']).node
        if (members === undefined) onSelect(select)
        else onUnfold(id)
      }}
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
  const { kind, name, chips, isTrouble, members } = node
  return (
    <div
      className={`party party-${kind}${isTrouble ? ' is-trouble' : ''}${members === undefined ? '' : ' is-group'}`}
    >
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
        <b>{members === undefined ? name : `${members} like ${name}`}</b>
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

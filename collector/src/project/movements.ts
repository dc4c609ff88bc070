import type { GraphEdge, GraphNode } from '@delegraph/graph-schema'
import type { MovementEvidence } from '../evidence/types.ts'
import { type Projected, stub } from './artefacts.ts'
import { knownColumns } from './nodes.ts'

/** The node of a movement of data, and the agent, the resource and the pieces of content that it names. */
export function projectMovement({ id, facts }: MovementEvidence, learnedAt: number): Projected {
  const { op, agent, peer, resource, data } = facts
  const node: GraphNode = {
    kind: 'Movement',
    key: id,
    columns: knownColumns({
      ...{ id, op, agent, peer, resource, learnedAt },
      data: JSON.stringify(data),
      task: facts.task,
      session: facts.session,
      trace: facts.trace,
      link: facts.link,
      at: facts.at,
    }),
  }
  const kind = op === 'wrote' || op === 'sent' ? 'PUT' : 'GOT'
  const agents = [agent, peer].flatMap((name) => (name === undefined ? [] : [name]))
  return {
    nodes: [
      node,
      ...data.map((hash) => stub('Data', 'hash', hash)),
      ...agents.map((name) => stub('Agent', 'id', name)),
      ...(resource === undefined ? [] : [stub('Resource', 'id', resource)]),
    ],
    edges: [
      ...data.map((hash): GraphEdge => ({ kind, from: id, to: hash })),
      ...(agent === undefined ? [] : [{ kind: 'MOVED_BY' as const, from: id, to: agent }]),
      ...(resource === undefined ? [] : [{ kind: 'MOVED_AT' as const, from: id, to: resource }]),
    ],
  }
}

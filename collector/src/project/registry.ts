import type { GraphEdge, GraphNode, RegistryEntry } from '@delegraph/graph-schema'
import { textDigest } from '@delegraph/link'
import { claimsOf, evidenceNode } from '../evidence/node.ts'
import { type Projected, stub } from './artefacts.ts'
import { knownColumns } from './nodes.ts'

export interface RegistryClaims {
  readonly version: string
  readonly iat: number
  readonly entries: readonly RegistryEntry[]
}

/** The claims of a registry text whose signature was checked when it was loaded. */
export function registryClaims(text: string): RegistryClaims | undefined {
  const claims = claimsOf(text)
  const { version, iat, entries } = claims ?? {}
  if (typeof version !== 'string' || typeof iat !== 'number' || !Array.isArray(entries)) {
    return undefined
  }
  return { version, iat, entries: entries as RegistryEntry[] }
}

/** The registry as evidence, and the people, agents and tools that it names. */
export function registryNodes(text: string, learnedAt: number): Projected {
  const evidence = evidenceNode({ kind: 'registry', id: textDigest(text), text }, learnedAt)
  const nodes: GraphNode[] = [evidence]
  const edges: GraphEdge[] = []
  for (const entry of registryClaims(text)?.entries ?? []) {
    if (entry.type === 'principal') {
      const { id, kind, disabled } = entry
      nodes.push({ kind: 'Principal', key: id, columns: { id, kind, disabled: disabled === true } })
    } else if (entry.type === 'owner') {
      const { agent, owner, kind } = entry
      const columns = knownColumns({ id: agent, owner: owner ?? undefined, kind })
      nodes.push({ kind: 'Agent', key: agent, columns })
      if (owner === null) continue
      nodes.push(stub('Principal', 'id', owner))
      edges.push({ kind: 'OWNED_BY', from: agent, to: owner })
    } else if (entry.type === 'effect') {
      const { tool, class: effect } = entry
      nodes.push({ kind: 'Tool', key: tool, columns: { uri: tool, effect } })
    }
  }
  return { nodes, edges }
}

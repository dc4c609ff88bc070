import {
  type Grade,
  type GraphEdge,
  type GraphNode,
  type Outcome,
  outcomeOf,
  outcomeText,
} from '@delegraph/graph-schema'
import { canonicalize, type Json, type PublicJwk, type ToolGrants } from '@delegraph/link'
import { type Projected, stub } from '../artefacts.ts'
import { seenAs } from '../instances.ts'
import { knownColumns } from '../nodes.ts'

/** The relationships that go out from a link. */
export const LINK_EDGES = [
  'ISSUED_BY_PRINCIPAL',
  'ISSUED_BY',
  'HELD_BY',
  'BOUND_TO',
  'DERIVED_FROM',
  'GRANTS',
] as const

/** A delegation that is none of our links, as the graph shows it. Times are NumericDate. */
export interface ForeignLink {
  readonly key: string
  readonly profile: string
  readonly grade: Grade
  /** Its outcome in its own profile. */
  readonly reading: Outcome
  readonly signature: 'valid' | 'invalid' | 'unchecked'
  readonly depth: number
  readonly flags: readonly string[]
  readonly learnedAt: number
  readonly parent?: string | undefined
  readonly chain?: string | undefined
  readonly maxDepth?: number | undefined
  readonly issuer?: string | undefined
  readonly principal?: string | undefined
  readonly token?: string | undefined
  /** Who gave: a principal where it is a root. */
  readonly delegator?: string | undefined
  readonly delegate?: string | undefined
  /** The running instance of it. */
  readonly instance?: string | undefined
  readonly holderKey?: PublicJwk | undefined
  readonly holderThumbprint?: string | undefined
  readonly issuedAt?: number | undefined
  readonly expiresAt?: number | undefined
  readonly audience?: readonly string[]
  /** Absent: not known. */
  readonly tools?: ToolGrants | undefined
  readonly scopes?: readonly string[]
  readonly problems?: readonly unknown[]
}

/**
 * The node of a foreign delegation and what it hangs on. For everything that judges, its outcome is
 * `other_profile`, which is never ok and never a failure: it grants nothing and it accuses nobody. It
 * has no task either, so that nobody finds it who looks for what an agent holds in one.
 */
export function foreignLinkNodes(link: ForeignLink): Projected {
  const { key, parent, delegator, delegate, tools = {} } = link
  const outcome = outcomeOf('other_profile')
  const columns = knownColumns({
    hash: key,
    profile: link.profile,
    grade: link.grade,
    reading: outcomeText(link.reading),
    chain: link.chain,
    parent,
    depth: link.depth,
    maxDepth: link.maxDepth,
    issuer: link.issuer,
    principal: link.principal,
    token: link.token,
    agent: delegate,
    seenAs: delegate === undefined ? undefined : seenAs(delegate, link.instance),
    holderKey: link.holderThumbprint,
    issuedAt: link.issuedAt,
    expiresAt: link.expiresAt,
    audience: JSON.stringify(link.audience ?? []),
    tools: link.tools === undefined ? undefined : canonicalize(tools as unknown as Json),
    scopes: link.scopes === undefined ? undefined : JSON.stringify(link.scopes),
    signature: link.signature,
    outcome: outcomeText(outcome),
    verdict: canonicalize({
      ...outcome,
      ...(delegator === undefined ? {} : { delegator }),
      ...(link.holderKey === undefined ? {} : { holderKey: link.holderKey }),
    } as unknown as Json),
    problems: JSON.stringify(link.problems ?? []),
    flags: JSON.stringify([...link.flags].sort()),
    learnedAt: link.learnedAt,
  })
  const nodes: GraphNode[] = [{ kind: 'Link', key, columns, whole: true }]
  const edges: GraphEdge[] = []
  const hang = (node: GraphNode, kind: GraphEdge['kind']): void => {
    nodes.unshift(node)
    edges.push({ kind, from: key, to: node.key })
  }
  if (parent !== undefined) hang(stub('Link', 'hash', parent), 'DERIVED_FROM')
  if (delegate !== undefined) hang(stub('Agent', 'id', delegate), 'HELD_BY')
  if (delegator !== undefined && parent === undefined)
    hang(stub('Principal', 'id', delegator), 'ISSUED_BY_PRINCIPAL')
  if (delegator !== undefined && parent !== undefined)
    hang(stub('Agent', 'id', delegator), 'ISSUED_BY')
  if (link.holderThumbprint !== undefined) hang(keyNode(link, link.holderThumbprint), 'BOUND_TO')
  for (const uri of Object.keys(tools)) hang(stub('Tool', 'uri', uri), 'GRANTS')
  return { nodes, edges, cleared: LINK_EDGES.map((kind) => ({ kind, from: key })) }
}

function keyNode({ holderKey }: ForeignLink, thumbprint: string): GraphNode {
  const jwk = holderKey === undefined ? {} : { jwk: canonicalize(holderKey as unknown as Json) }
  return { kind: 'Key', key: thumbprint, columns: { thumbprint, ...jwk } }
}

/**
 * Only whom and what a link names: of a reading that another one replaces, or would have replaced had it
 * come first, nothing else may stay.
 */
export function namedIn({ nodes }: Projected, key: string): Projected {
  return { nodes: nodes.filter((node) => node.key !== key), edges: [] }
}

/** Several parts in one. */
export function joined(parts: readonly Projected[]): Projected {
  return {
    nodes: parts.flatMap(({ nodes }) => nodes),
    edges: parts.flatMap(({ edges }) => edges),
    cleared: parts.flatMap(({ cleared }) => cleared ?? []),
  }
}

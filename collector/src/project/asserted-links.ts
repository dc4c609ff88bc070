import type { GraphEdge, GraphNode, Scalar } from '@delegraph/graph-schema'
import { canonicalize, type Json, LIMITS, toolsOf } from '@delegraph/link'
import type { Asserted } from '../evidence/asserted.ts'
import type { AboveAsserted, LinkJudgement } from '../verify/link.ts'
import type { PathLink } from '../verify/path.ts'
import { hashToken, type Projected, stub } from './artefacts.ts'
import { knownColumns } from './nodes.ts'

/** What an unsigned link is held against. */
export function aboveAsserted(
  parent: string | undefined,
  judged: ReadonlyMap<string, LinkJudgement>,
  above: ReadonlyMap<string, { readonly link: PathLink }>,
): AboveAsserted | 'missing' | undefined {
  if (parent === undefined) return undefined
  const own = judged.get(parent)
  if (own !== undefined) {
    if (own.said !== undefined) return own.said
    const { claims } = own
    if (claims === undefined) return 'missing'
    return {
      holder: claims.act.sub,
      principal: claims.sub,
      task: claims.txn,
      depth: claims.del_depth,
      maxDepth: claims.del_max_depth,
      issuedAt: claims.iat,
      expiresAt: claims.exp,
      tools: toolsOf(claims),
      outcome: own.outcome,
    }
  }
  const known = above.get(parent)?.link
  if (known === undefined || !known.arrived) return 'missing'
  return {
    holder: known.delegate,
    principal: known.principal ?? '',
    task: known.task ?? '',
    depth: known.depth,
    maxDepth: known.maxDepth ?? LIMITS.depth,
    issuedAt: known.issuedAt ?? 0,
    tools: known.tools,
    outcome: known.outcome,
    ...(known.expiresAt === undefined ? {} : { expiresAt: known.expiresAt }),
  }
}

/** The node of an unsigned link: the same columns, and no key. */
export function assertedNode(
  hash: string,
  record: Asserted<'link'>,
  said: AboveAsserted,
  common: Readonly<Record<string, Scalar>>,
  parentEdge: Projected,
): Projected {
  const toolNodes = Object.keys(said.tools).map((uri) => stub('Tool', 'uri', uri))
  const isRoot = record.parent === undefined
  const columns = knownColumns({
    ...common,
    depth: said.depth,
    maxDepth: said.maxDepth,
    issuer: record.issuer,
    principal: said.principal,
    task: record.task,
    agent: record.holder,
    issuedAt: record.iat,
    expiresAt: record.exp,
    audience: '[]',
    tools: canonicalize(said.tools as unknown as Json),
    approvals: '{}',
    purpose: record.purpose,
    replaces: record.replaces,
    token: hashToken(hash),
  })
  return {
    nodes: [
      ...parentEdge.nodes,
      ...toolNodes,
      ...renewed(record.replaces),
      stub(isRoot ? 'Principal' : 'Agent', 'id', record.issuer),
      stub('Agent', 'id', record.holder),
      { kind: 'Link', key: hash, columns },
    ],
    edges: [
      ...parentEdge.edges,
      { kind: isRoot ? 'ISSUED_BY_PRINCIPAL' : 'ISSUED_BY', from: hash, to: record.issuer },
      { kind: 'HELD_BY', from: hash, to: record.holder },
      ...renewal(hash, record.replaces),
      ...toolNodes.map((tool): GraphEdge => ({ kind: 'GRANTS', from: hash, to: tool.key })),
    ],
  }
}

export function renewed(replaces: string | undefined): GraphNode[] {
  return replaces === undefined ? [] : [stub('Link', 'hash', replaces)]
}

export function renewal(hash: string, replaces: string | undefined): GraphEdge[] {
  return replaces === undefined ? [] : [{ kind: 'RENEWS', from: hash, to: replaces }]
}

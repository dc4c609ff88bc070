import type { GraphEdge, GraphNode, Outcome, Scalar } from '@delegraph/graph-schema'
import { outcomeOf, outcomeText } from '@delegraph/graph-schema'
import {
  CONTAINER_CLAIM,
  canonicalize,
  type Json,
  jwkThumbprint,
  LIMITS,
  type LinkMemo,
} from '@delegraph/link'
import { claimsOf, evidenceOfNode, tokenKey } from '../evidence/node.ts'
import type { SignedEvidence } from '../evidence/types.ts'
import type { GraphStore } from '../graph/index.ts'
import { judgeLink, type LinkJudgement, type Above as Standing } from '../verify/link.ts'
import { type PathLink, pathLinkOf } from '../verify/path.ts'
import type { Trust } from '../verify/trust.ts'
import { type Projected, stub } from './artefacts.ts'

/** How far below a changed link others are judged again in one step. */
export const MAX_DESCENDANTS = 10_000

/**
 * Judges the links named and everything below them, parents first, and gives their nodes. A link
 * that arrives after its children makes them whole; the order of arrival leaves no trace.
 */
export async function projectLinks(
  store: GraphStore,
  hashes: readonly string[],
  trust: Trust,
  memo: LinkMemo,
): Promise<{ readonly projected: Projected; readonly affected: readonly string[] }> {
  if (hashes.length === 0) return { projected: { nodes: [], edges: [] }, affected: [] }
  const below = await store.descendants(hashes, MAX_DESCENDANTS)
  const affected = [...new Set([...hashes, ...below.map((node) => node.key)])]
  const evidence = await linkEvidence(store, affected)
  const above = await aboveLinks(store, evidence)
  const judged = new Map<string, LinkJudgement>()
  const learned = new Map<string, number>()

  const standingAbove = (parent: string | undefined, seen: readonly string[]): Standing => {
    if (parent === undefined) return 'root'
    // A cycle, or a chain deeper than any chain may be: nobody vouches for its beginning.
    if (seen.includes(parent) || seen.length >= LIMITS.links) return MISSING
    const own = evidence.has(parent) ? judge(parent, seen) : reread(parent, seen)
    if (own?.link !== undefined) return own.link
    const { outcome } = own ?? {}
    if (outcome === undefined || !('code' in outcome)) return MISSING
    return { missing: { state: outcome.state, code: outcome.code, detail: 'above' } }
  }
  /** A link that is in the graph already and did not change: judged again from the memo. */
  const reread = (hash: string, seen: readonly string[]): LinkJudgement | undefined => {
    const known = above.get(hash)
    if (known?.text === undefined) return undefined
    const item: SignedEvidence = {
      kind: 'link',
      id: hash,
      artefact: hash,
      text: known.text,
      size: known.text.length,
      truncated: false,
    }
    return judgeLink(hash, [item], standingAbove(known.parent, [...seen, hash]), trust, memo)
  }
  const judge = (hash: string, seen: readonly string[] = []): LinkJudgement => {
    const known = judged.get(hash)
    if (known !== undefined) return known
    const items = evidence.get(hash) ?? []
    const parent = items.map((item) => parentOf(item.item.text)).find((p) => p !== undefined)
    const judgement = judgeLink(
      hash,
      items.map((item) => item.item),
      standingAbove(parent, [...seen, hash]),
      trust,
      memo,
    )
    judged.set(hash, judgement)
    learned.set(hash, Math.min(...items.map((item) => item.learnedAt)))
    return judgement
  }
  for (const hash of affected) if (evidence.has(hash)) judge(hash)

  const nodes: GraphNode[] = []
  const edges: GraphEdge[] = []
  for (const [hash, judgement] of judged) {
    const delegator = delegatorOf(judgement, judged, above)
    const part = linkNode(judgement, delegator, learned.get(hash) ?? 0, judged, above)
    nodes.push(...part.nodes)
    edges.push(...part.edges)
  }
  return { projected: { nodes, edges }, affected }
}

const MISSING: Standing = { missing: outcomeOf('chain_incomplete') }

interface Arrived {
  readonly item: SignedEvidence
  readonly learnedAt: number
}

async function linkEvidence(
  store: GraphStore,
  hashes: readonly string[],
): Promise<Map<string, Arrived[]>> {
  const found = new Map<string, Arrived[]>()
  for (const node of await store.find('Evidence', 'artefact', hashes)) {
    const item = evidenceOfNode(node)
    if (item.kind !== 'link') continue
    const list = found.get(item.artefact) ?? []
    list.push({ item, learnedAt: Number(node.columns['learnedAt'] ?? 0) })
    found.set(item.artefact, list)
  }
  return found
}

interface Above {
  readonly text?: string
  readonly parent?: string
  readonly link: PathLink
}

async function aboveLinks(
  store: GraphStore,
  evidence: ReadonlyMap<string, readonly Arrived[]>,
): Promise<Map<string, Above>> {
  const parents = [...evidence.values()]
    .flat()
    .map((arrived) => parentOf(arrived.item.text))
    .filter((parent): parent is string => parent !== undefined)
  const nodes = await store.ancestors([...new Set(parents)])
  return new Map(
    nodes.map((node) => {
      const { text, parent } = node.columns
      return [
        node.key,
        {
          link: pathLinkOf(node),
          ...(typeof text === 'string' ? { text } : {}),
          ...(typeof parent === 'string' ? { parent } : {}),
        },
      ]
    }),
  )
}

function parentOf(text: string | undefined): string | undefined {
  const parent = claimsOf(text)?.['par_hash']
  return typeof parent === 'string' ? parent : undefined
}

/** The root's giver is its principal; below it, the holder of the parent. */
function delegatorOf(
  judgement: LinkJudgement,
  judged: ReadonlyMap<string, LinkJudgement>,
  above: ReadonlyMap<string, Above>,
): string | undefined {
  const { claims } = judgement
  if (claims === undefined) return undefined
  if (claims.par_hash === undefined) return claims.sub
  const parent = above.get(claims.par_hash)?.link
  const known = parent?.arrived === true ? parent.delegate : undefined
  return judged.get(claims.par_hash)?.claims?.act.sub ?? known
}

function linkNode(
  judgement: LinkJudgement,
  delegator: string | undefined,
  learnedAt: number,
  judged: ReadonlyMap<string, LinkJudgement>,
  above: ReadonlyMap<string, Above>,
): Projected {
  const { hash, claims } = judgement
  const parent = claims?.par_hash ?? parentOf(judgement.text)
  const common: Record<string, Scalar> = {
    hash,
    signature: judgement.signature,
    outcome: outcomeText(judgement.outcome),
    problems: JSON.stringify(judgement.problems),
    flags: JSON.stringify(judgement.flags),
    learnedAt,
    ...(judgement.text === undefined ? {} : { text: judgement.text }),
    ...(parent === undefined ? {} : { parent }),
  }
  const verdict: Outcome & { delegator?: string; holderKey?: unknown } = {
    ...judgement.outcome,
    ...(delegator === undefined ? {} : { delegator }),
    ...(claims === undefined ? {} : { holderKey: claims.cnf.jwk }),
  }
  common['verdict'] = canonicalize(verdict as unknown as Json)
  const parentEdge: Projected =
    parent === undefined || parent === hash
      ? { nodes: [], edges: [] }
      : {
          nodes: [stub('Link', 'hash', parent)],
          edges: [{ kind: 'DERIVED_FROM', from: hash, to: parent }],
        }
  if (claims === undefined) {
    return {
      nodes: [...parentEdge.nodes, { kind: 'Link', key: hash, columns: common }],
      edges: parentEdge.edges,
    }
  }
  const thumbprint = jwkThumbprint(claims.cnf.jwk)
  const tools = claims.authorization_details[0].tools
  const root = rootOf(hash, judged, above)
  const approvals = claims[CONTAINER_CLAIM]?.approvals ?? {}
  const node: GraphNode = {
    kind: 'Link',
    key: hash,
    columns: {
      ...common,
      depth: claims.del_depth,
      maxDepth: claims.del_max_depth,
      issuer: claims.iss,
      principal: claims.sub,
      task: claims.txn,
      token: tokenKey(claims.iss, claims.jti),
      agent: claims.act.sub,
      holderKey: thumbprint,
      issuedAt: claims.iat,
      expiresAt: claims.exp,
      audience: JSON.stringify(audienceOf(claims.aud)),
      tools: canonicalize(tools as unknown as Json),
      approvals: canonicalize(approvals as unknown as Json),
      ...(claims.tctx === undefined ? {} : { purpose: claims.tctx.purpose }),
      ...(root === undefined ? {} : { chain: root }),
    },
  }
  const toolNodes = Object.keys(tools).map((uri) => stub('Tool', 'uri', uri))
  const giver: GraphEdge[] =
    delegator === undefined
      ? []
      : claims.par_hash === undefined
        ? [{ kind: 'ISSUED_BY_PRINCIPAL', from: hash, to: delegator }]
        : [{ kind: 'ISSUED_BY', from: hash, to: delegator }]
  const giverNode: GraphNode[] =
    delegator === undefined
      ? []
      : [stub(claims.par_hash === undefined ? 'Principal' : 'Agent', 'id', delegator)]
  return {
    nodes: [
      ...parentEdge.nodes,
      ...giverNode,
      ...toolNodes,
      stub('Agent', 'id', claims.act.sub),
      {
        kind: 'Key',
        key: thumbprint,
        columns: { thumbprint, jwk: canonicalize(claims.cnf.jwk as unknown as Json) },
      },
      node,
    ],
    edges: [
      ...parentEdge.edges,
      ...giver,
      { kind: 'HELD_BY', from: hash, to: claims.act.sub },
      { kind: 'BOUND_TO', from: hash, to: thumbprint },
      ...toolNodes.map((tool): GraphEdge => ({ kind: 'GRANTS', from: hash, to: tool.key })),
    ],
  }
}

/** The chain id: the hash of the root link, where every link up to it has arrived. */
function rootOf(
  hash: string,
  judged: ReadonlyMap<string, LinkJudgement>,
  above: ReadonlyMap<string, Above>,
): string | undefined {
  let next = hash
  for (let i = 0; i < 16; i += 1) {
    const own = judged.get(next)
    const known = own?.text !== undefined || above.get(next)?.text !== undefined
    if (!known) return undefined
    const parent = own === undefined ? above.get(next)?.parent : parentOf(own.text)
    if (parent === undefined) return next
    next = parent
  }
  return undefined
}

function audienceOf(audience: string | readonly string[] | undefined): readonly string[] {
  if (audience === undefined) return []
  return typeof audience === 'string' ? [audience] : audience
}

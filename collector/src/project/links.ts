import type { GraphEdge, GraphNode, Outcome, Scalar } from '@delegraph/graph-schema'
import { outcomeOf, outcomeText } from '@delegraph/graph-schema'
import type { Trust } from '@delegraph/link'
import {
  CONTAINER_CLAIM,
  canonicalize,
  type Json,
  jwkThumbprint,
  LIMITS,
  type LinkMemo,
  momentOf,
  PROFILE,
  type PublicJwk,
} from '@delegraph/link'
import type { Asserted } from '../evidence/asserted.ts'
import { claimsOf, evidenceOfNode, tokenKey } from '../evidence/node.ts'
import type { ReportEvidence, SignedEvidence } from '../evidence/types.ts'
import type { GraphStore } from '../graph/index.ts'
import { isTrimmed, TRIMMED } from '../retention/nodes.ts'
import { judgeAssertedLink } from '../verify/asserted-link.ts'
import { judgeLink, type LinkJudgement, type Above as Standing } from '../verify/link.ts'
import { isForeign, type PathLink, pathLinkOf } from '../verify/path.ts'
import { type Projected, stub } from './artefacts.ts'
import { aboveAsserted, assertedNode, renewal, renewed } from './asserted-links.ts'
import { LINK_EDGES } from './foreign/foreign-link.ts'
import type { PlainHashes } from './foreign/plain-links.ts'
import { plainHolder, plainParent } from './foreign/plain-text.ts'
import { isTooDeepUnder } from './link-level.ts'

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
): Promise<LinksProjected> {
  if (hashes.length === 0)
    return { projected: { nodes: [], edges: [] }, affected: [], plain: NO_PLAIN }
  const below = await store.descendants(hashes, MAX_DESCENDANTS)
  const affected = [...new Set([...hashes, ...below.map((node) => node.key)])]
  const { links: evidence, foreign } = await linkEvidence(store, affected)
  const above = await aboveLinks(store, evidence)
  const judged = new Map<string, LinkJudgement>()
  const learned = new Map<string, number>()

  const parents = new Map([...evidence].map(([hash, items]) => [hash, parentIn(items)]))
  const standing = (parent: string | undefined): Standing => {
    if (parent === undefined) return 'root'
    if (isTooDeepUnder(parent, (hash) => parents.get(hash) ?? above.get(hash)?.parent))
      return TOO_DEEP
    if (!evidence.has(parent) && (foreign.has(parent) || above.get(parent)?.foreign === true))
      return OTHER
    const own = judged.get(parent) ?? rereadLink(parent, above, trust, memo)
    if (own?.link !== undefined) return own.link
    const known = above.get(parent)?.link.outcome
    if (own === undefined && known !== undefined && isTrimmed(known)) return { missing: TRIMMED }
    const { outcome } = own ?? {}
    // Nobody signed what is above: no key vouches for this one, and nothing speaks against it.
    if (outcome === undefined || !('code' in outcome)) return MISSING
    return { missing: { state: outcome.state, code: outcome.code, detail: 'above' } }
  }
  // Parents before children, however deep a sender makes it; a ring has no beginning and ends as missing.
  for (const hash of parentsFirst(affected, parents)) {
    const items = evidence.get(hash)
    const parent = parents.get(hash)
    const { record } = items ?? {}
    const judgement =
      record === undefined
        ? judgeLink(hash, items?.signed ?? [], standing(parent), trust, memo)
        : judgeAssertedLink(hash, record, aboveAsserted(parent, judged, above))
    judged.set(hash, judgement)
    learned.set(hash, items?.learnedAt ?? 0)
  }

  const nodes: GraphNode[] = []
  const edges: GraphEdge[] = []
  const cleared: { kind: GraphEdge['kind']; from: string }[] = []
  for (const [hash, judgement] of judged) {
    const known = { judged, foreign, above, parents }
    const part = linkNode(judgement, {
      delegator: delegatorOf(judgement, known),
      learnedAt: learned.get(hash) ?? 0,
      chain: rootOf(hash, known),
      ...reportedIn(evidence.get(hash)),
    })
    // As a token of another kind it may have been there before: as a link it is nothing else.
    const whole = foreign.has(hash)
    nodes.push(
      ...part.nodes.map((node) => (whole && node.key === hash ? { ...node, whole } : node)),
    )
    edges.push(...part.edges)
    if (whole) cleared.push(...LINK_EDGES.map((kind) => ({ kind, from: hash })))
  }
  const came = [...foreign.keys()]
  const plain = {
    only: came.filter((hash) => !evidence.has(hash)),
    both: came.filter((hash) => evidence.has(hash)),
  }
  return { projected: { nodes, edges, cleared }, affected, plain }
}

export interface LinksProjected {
  readonly projected: Projected
  readonly affected: readonly string[]
  readonly plain: PlainHashes
}

const NO_PLAIN: PlainHashes = { only: [], both: [] }

/** Every link that arrived, each behind the one it names as its parent where that arrived too. */
function parentsFirst(
  hashes: readonly string[],
  parents: ReadonlyMap<string, string | undefined>,
): string[] {
  const done = new Set<string>()
  const order: string[] = []
  for (const hash of hashes) {
    const climbed: string[] = []
    let next: string | undefined = hash
    const onTheWay = new Set<string>()
    while (next !== undefined && parents.has(next) && !done.has(next) && !onTheWay.has(next)) {
      climbed.push(next)
      onTheWay.add(next)
      next = parents.get(next)
    }
    for (const link of climbed.reverse()) {
      done.add(link)
      order.push(link)
    }
  }
  return order
}

/** A link that is in the graph already and did not change: judged again, from the memo as a rule. */
function rereadLink(
  hash: string,
  above: ReadonlyMap<string, Above>,
  trust: Trust,
  memo: LinkMemo,
): LinkJudgement | undefined {
  const path: { readonly hash: string; readonly text: string }[] = []
  let next: string | undefined = hash
  while (next !== undefined) {
    const known = above.get(next)
    if (known?.text === undefined || path.length >= LIMITS.links) return undefined
    path.push({ hash: next, text: known.text })
    next = known.parent
  }
  let standing: Standing = 'root'
  let judgement: LinkJudgement | undefined
  for (const { hash: link, text } of path.reverse()) {
    const outcome = above.get(link)?.link.outcome
    // An unsigned one was judged when it came, and has no key that could judge another.
    if (above.get(link)?.link.signature === 'missing' && outcome !== undefined)
      return { hash: link, text, signature: 'missing', outcome, problems: [], flags: [] }
    const item = { id: link, artefact: link, text, size: text.length, truncated: false } as const
    judgement = judgeLink(link, [{ kind: 'link', ...item }], standing, trust, memo)
    if (judgement.link === undefined) return judgement
    standing = judgement.link
  }
  return judgement
}

function parentIn({ signed, record }: Arrived): string | undefined {
  if (record !== undefined) return record.parent
  return signed.map((item) => parentOf(item.text)).find((parent) => parent !== undefined)
}

function reportedIn(arrived: Arrived | undefined): Reported {
  const [depth] = (arrived?.reports ?? []).flatMap((report) => report.depth ?? []).sort()
  const [parent] = (arrived?.reports ?? []).flatMap((report) => report.parent ?? []).sort()
  return {
    ...(depth === undefined ? {} : { reportedDepth: depth }),
    ...(parent === undefined ? {} : { reportedParent: parent }),
  }
}

/** What others say of a link that is not what it says itself. */
interface Reported {
  readonly reportedDepth?: number
  readonly reportedParent?: string
}

const MISSING: Standing = { missing: outcomeOf('chain_incomplete') }
const TOO_DEEP: Standing = { missing: outcomeOf('depth_invalid', 'links') }
/** Above it is a token of another kind: nobody vouches for what hangs below it here. */
const OTHER: Standing = { missing: outcomeOf('other_profile', 'above') }

/** What arrived of one link: its texts, or an unsigned statement, and what others say of its depth. */
interface Arrived {
  readonly signed: SignedEvidence[]
  record?: Asserted<'link'>
  readonly reports: ReportEvidence[]
  learnedAt: number
}

async function linkEvidence(
  store: GraphStore,
  hashes: readonly string[],
): Promise<{
  readonly links: Map<string, Arrived>
  /** The text of what came as a plain token, by its hash: each has the same payload. */
  readonly foreign: Map<string, string>
}> {
  const found = new Map<string, Arrived>()
  const foreign = new Map<string, string>()
  for (const node of await store.find('Evidence', 'artefact', hashes)) {
    const item = evidenceOfNode(node)
    const hash = String(node.columns['artefact'])
    if (item.kind === 'foreign' && item.text !== undefined) foreign.set(item.artefact, item.text)
    const arrived = found.get(hash) ?? { signed: [], reports: [], learnedAt: Infinity }
    if (item.kind === 'link') arrived.signed.push(item)
    else if (item.kind === 'report') arrived.reports.push(item)
    else if (item.kind === 'asserted' && item.record?.type === 'link') arrived.record = item.record
    else continue
    arrived.learnedAt = Math.min(arrived.learnedAt, Number(node.columns['learnedAt'] ?? 0))
    found.set(hash, arrived)
  }
  const links = new Map(
    [...found].filter(([, { signed, record }]) => signed.length > 0 || record !== undefined),
  )
  return { links, foreign }
}

interface Above {
  readonly foreign: boolean
  readonly text?: string
  readonly parent?: string
  readonly link: PathLink
}

async function aboveLinks(
  store: GraphStore,
  evidence: ReadonlyMap<string, Arrived>,
): Promise<Map<string, Above>> {
  const parents = [...evidence.values()].flatMap((arrived) => parentIn(arrived) ?? [])
  const nodes = await store.ancestors([...new Set(parents)])
  return new Map(
    nodes.map((node) => {
      const { text, parent } = node.columns
      const link = pathLinkOf(node)
      return [
        node.key,
        {
          link,
          foreign: isForeign(link),
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

/** What stands above the links of one step: those of the step, those of other kinds, those of the graph. */
interface Known {
  readonly judged: ReadonlyMap<string, LinkJudgement>
  readonly foreign: ReadonlyMap<string, string>
  readonly above: ReadonlyMap<string, Above>
  readonly parents: ReadonlyMap<string, string | undefined>
}

/** The root's giver is its principal; below it, the holder of the parent. */
function delegatorOf(
  judgement: LinkJudgement,
  { judged, foreign, above }: Known,
): string | undefined {
  const { claims, asserted } = judgement
  if (asserted !== undefined) return asserted.issuer
  if (claims === undefined) return undefined
  if (claims.par_hash === undefined) return claims.sub
  const parent = above.get(claims.par_hash)?.link
  const known = parent?.arrived === true ? parent.delegate : undefined
  const own = judged.get(claims.par_hash)
  const holder = own?.claims?.act.sub ?? own?.asserted?.holder
  return holder ?? plainHolder(foreign.get(claims.par_hash)) ?? known
}

/** What is kept of a link beside its columns. */
interface LinkExtra {
  readonly delegator?: string
  readonly holderKey?: PublicJwk
  /** Thumbprint of the root key. */
  readonly anchor?: string
  readonly status?: { readonly idx: number; readonly uri: string }
  /** Epoch milliseconds of its signing. */
  readonly moment?: number
}

/** What is known of a link beside its judgement. */
interface Around extends Reported {
  readonly delegator: string | undefined
  readonly learnedAt: number
  /** The root's hash, where every link up to it has arrived. */
  readonly chain: string | undefined
}

function linkNode(judgement: LinkJudgement, around: Around): Projected {
  const { hash, claims, asserted } = judgement
  const { delegator, learnedAt, chain, reportedDepth, reportedParent } = around
  const parent = claims?.par_hash ?? asserted?.parent ?? parentOf(judgement.text)
  const flags =
    reportedDepth === undefined && reportedParent === undefined
      ? judgement.flags
      : [...judgement.flags, 'attribute_disagrees']
  const common: Record<string, Scalar> = {
    hash,
    profile: PROFILE,
    grade: judgement.signature === 'valid' ? 'signed' : 'asserted',
    signature: judgement.signature,
    outcome: outcomeText(judgement.outcome),
    problems: JSON.stringify(judgement.problems),
    flags: JSON.stringify(flags),
    learnedAt,
    ...(reportedDepth === undefined ? {} : { reportedDepth }),
    ...(reportedParent === undefined ? {} : { reportedParent }),
    ...(judgement.text === undefined ? {} : { text: judgement.text }),
    ...(parent === undefined ? {} : { parent }),
  }
  const verdict: Outcome & LinkExtra = {
    ...judgement.outcome,
    ...(delegator === undefined ? {} : { delegator }),
    ...(claims === undefined
      ? {}
      : { holderKey: claims.cnf.jwk, moment: momentOf(claims.iat, claims.jti) }),
    ...(asserted === undefined ? {} : { moment: momentOf(asserted.iat, asserted.jti) }),
    ...(claims?.status === undefined ? {} : { status: claims.status.status_list }),
    // Keys rotate and audits do not: which root key it was judged under.
    ...(judgement.link === undefined ? {} : { anchor: judgement.link.anchor.jkt }),
  }
  common['verdict'] = canonicalize(verdict as unknown as Json)
  const parentEdge: Projected =
    parent === undefined || parent === hash
      ? { nodes: [], edges: [] }
      : {
          nodes: [stub('Link', 'hash', parent)],
          edges: [{ kind: 'DERIVED_FROM', from: hash, to: parent }],
        }
  if (asserted !== undefined && judgement.said !== undefined)
    return assertedNode(
      hash,
      asserted,
      judgement.said,
      chain === undefined ? common : { ...common, chain },
      parentEdge,
    )
  if (claims === undefined) {
    return {
      nodes: [...parentEdge.nodes, { kind: 'Link', key: hash, columns: common }],
      edges: parentEdge.edges,
    }
  }
  const thumbprint = jwkThumbprint(claims.cnf.jwk)
  const tools = claims.authorization_details[0].tools
  const { approvals = {}, budgets, replaces } = claims[CONTAINER_CLAIM] ?? {}
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
      ...(budgets === undefined ? {} : { budgets: canonicalize(budgets as unknown as Json) }),
      ...(claims.tctx === undefined ? {} : { purpose: claims.tctx.purpose }),
      ...(replaces === undefined ? {} : { replaces }),
      ...(chain === undefined ? {} : { chain }),
      // Only of a link that an anchor signed: nobody else may have a list asked.
      ...(claims.status === undefined || judgement.signature !== 'valid'
        ? {}
        : { status: claims.status.status_list.uri }),
      ...(judgement.link === undefined ? {} : { anchor: judgement.link.anchor.jkt }),
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
      ...renewed(replaces),
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
      ...renewal(hash, replaces),
      { kind: 'HELD_BY', from: hash, to: claims.act.sub },
      { kind: 'BOUND_TO', from: hash, to: thumbprint },
      ...toolNodes.map((tool): GraphEdge => ({ kind: 'GRANTS', from: hash, to: tool.key })),
    ],
  }
}

/** The chain id: the hash of the root link, where every link up to it has arrived. */
function rootOf(hash: string, { judged, foreign, above, parents }: Known): string | undefined {
  let next = hash
  for (let i = 0; i < 16; i += 1) {
    const own = judged.get(next)
    const other = own === undefined ? foreign.get(next) : undefined
    const graph = above.get(next)
    const text = own?.text ?? other ?? graph?.text
    if (text === undefined && graph?.foreign !== true) return undefined
    const parent: string | undefined =
      own !== undefined
        ? parents.get(next)
        : other !== undefined
          ? plainParent(other)
          : graph?.parent
    if (parent === undefined) return next
    next = parent
  }
  return undefined
}

function audienceOf(audience: string | readonly string[] | undefined): readonly string[] {
  if (audience === undefined) return []
  return typeof audience === 'string' ? [audience] : audience
}

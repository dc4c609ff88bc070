import type { GraphEdge, GraphNode, Outcome, Scalar } from '@delegraph/graph-schema'
import { outcomeOf, outcomeText } from '@delegraph/graph-schema'
import {
  type ArgumentMap,
  canonicalize,
  type Json,
  jwkThumbprint,
  momentOf,
  type PublicJwk,
  type RevokedSubject,
  revokedFrom,
  THUMBPRINT_URI_PREFIX,
  type Trust,
  verifyApproval,
  verifyCompletion,
  verifyRevocation,
} from '@delegraph/link'
import { claimsOf, tokenKey } from '../evidence/node.ts'
import type { SignedEvidence } from '../evidence/types.ts'
import type { GraphBatch } from '../graph/index.ts'
import type { ApprovalRecord } from '../verify/approval.ts'
import { holds } from '../verify/holds.ts'
import { isForeign, outcomeFrom, type PathLink } from '../verify/path.ts'
import type { Registry } from '../verify/registry.ts'
import type { RevocationRecord } from '../verify/status.ts'
import { knownColumns } from './nodes.ts'

export interface Projected {
  readonly nodes: readonly GraphNode[]
  readonly edges: readonly GraphEdge[]
  /** Relationships that the new ones replace. */
  readonly cleared?: NonNullable<GraphBatch['cleared']>
}

/** The node of an approval and what it hangs on, whatever its verdict. */
export function projectApproval(item: SignedEvidence, trust: Trust, learnedAt: number): Projected {
  if (item.text === undefined) return unread(item, 'Approval', learnedAt)
  const result = verifyApproval(item.text, trust.approvers)
  const { claims } = result
  const outcome = truncatedOr(item, result.outcome)
  if (claims === undefined) {
    return one('Approval', item, { outcome: outcomeText(outcome), text: item.text, learnedAt })
  }
  const node = one('Approval', item, {
    token: tokenKey(claims.iss, claims.jti),
    approver: claims.sub,
    issuer: claims.iss,
    link: claims.aat_hash,
    tool: claims.aat_tool,
    audience: claims.aud,
    actionHash: claims.action_hash,
    args: canonicalize(claims.args ?? {}),
    task: claims.txn,
    session: claims.session,
    decision: claims.decision,
    subject: claims.act?.sub,
    about: aboutKey(claims.act?.sub, claims.aat_tool),
    grants:
      claims.grants === undefined ? undefined : canonicalize(claims.grants as unknown as Json),
    uses: claims.uses,
    delegates: claims.delegates,
    after: claims.after,
    acr: claims.acr,
    issuedAt: claims.iat,
    expiresAt: claims.exp,
    outcome: outcomeText(outcome),
    text: item.text,
    learnedAt,
  })
  if (outcome.state !== 'ok') return node
  return {
    nodes: [
      ...node.nodes,
      stub('Principal', 'id', claims.sub),
      ...(claims.aat_hash === undefined ? [] : [stub('Link', 'hash', claims.aat_hash)]),
      ...(claims.act === undefined ? [] : [stub('Agent', 'id', claims.act.sub)]),
    ],
    edges: [
      { kind: 'GIVEN_BY', from: item.artefact, to: claims.sub },
      ...edgeTo('GIVEN_FOR', item.artefact, claims.aat_hash),
      ...edgeTo('NAMES', item.artefact, claims.act?.sub),
    ],
  }
}

function edgeTo(kind: GraphEdge['kind'], from: string, to: string | undefined): GraphEdge[] {
  return to === undefined ? [] : [{ kind, from, to }]
}

/** What is about an agent and a tool is looked up by both. */
export function aboutKey(agent: string, tool: string): string
export function aboutKey(agent: string | undefined, tool: string | undefined): string | undefined
export function aboutKey(agent: string | undefined, tool: string | undefined): string | undefined {
  return agent === undefined || tool === undefined ? undefined : `${agent} ${tool}`
}

/**
 * A withdrawal counts where its signer may withdraw: a configured transmitter, or the holder of a key
 * above the link. `signers` are the keys of the links above the one it names.
 */
export function projectRevocation(
  item: SignedEvidence,
  trust: Trust,
  signers: readonly PublicJwk[],
  learnedAt: number,
): Projected {
  if (item.text === undefined) return unread(item, 'Revocation', learnedAt)
  const text = item.text
  // An approval service takes back its own answers and nothing else.
  const named = claimsOf(text)?.['sub_id'] as { readonly iss?: unknown } | undefined
  const own = trust.approvers.filter(({ iss }) => iss === named?.iss)
  const byService = verifyRevocation(text, [...trust.setIssuers, ...trust.anchors, ...own])
  const byHolder = signers.map((jwk) => verifyRevocation(text, jwk))
  const result = [byService, ...byHolder].find(({ outcome }) => outcome.state === 'ok') ?? byService
  const { claims } = result
  // Without the links above there is no holder's key to try: it may still turn out to be in order.
  const waits = result.outcome.state !== 'ok' && signers.length === 0
  const outcome = outcomeText(
    waits ? outcomeOf('key_unavailable') : truncatedOr(item, result.outcome),
  )
  if (claims === undefined) return one('Revocation', item, { outcome, text: item.text, learnedAt })
  return one('Revocation', item, {
    issuer: claims.iss,
    token: subjectKey(claims.sub_id),
    task: claims.txn,
    at: revokedFrom(claims),
    moment: momentOf(revokedFrom(claims), claims.jti),
    outcome,
    text: item.text,
    learnedAt,
  })
}

/** What a revocation is looked up by: the token of a link, or `key` and the thumbprint of a key. */
function subjectKey(subject: RevokedSubject | undefined): string | undefined {
  if (subject === undefined) return undefined
  return subject.format === 'jwt_id'
    ? tokenKey(subject.iss, subject.jti)
    : keyToken(subject.uri.slice(THUMBPRINT_URI_PREFIX.length))
}

const KEY_PREFIX = 'key '

/** What the withdrawal of a key is looked up by. */
export function keyToken(thumbprint: string): string {
  return `${KEY_PREFIX}${thumbprint}`
}

/** The key that such a token names. */
export function keyOfToken(token: string): string | undefined {
  return token.startsWith(KEY_PREFIX) ? token.slice(KEY_PREFIX.length) : undefined
}

const HASH_PREFIX = 'hash '

/** What the withdrawal of an unsigned statement is looked up by. */
export function hashToken(hash: string): string {
  return `${HASH_PREFIX}${hash}`
}

/** The statement that such a token names. */
export function hashOfToken(token: string): string | undefined {
  return token.startsWith(HASH_PREFIX) ? token.slice(HASH_PREFIX.length) : undefined
}

/** Before the issuer of what ends a task. */
export const COMPLETION_PREFIX = 'completion '

/** The end of a task, where the holder of its root link says so; kept beside the revocations. */
export function projectCompletion(
  item: SignedEvidence,
  root: PathLink | undefined,
  learnedAt: number,
): Projected {
  if (item.text === undefined) return unread(item, 'Revocation', learnedAt)
  const holder = root?.holderKey
  if (holder === undefined) {
    return one('Revocation', item, {
      outcome: outcomeText(outcomeOf('key_unavailable')),
      // By its own word, so that it is found again when the root arrives; until then it ends nothing.
      task: taskNamedBy(item),
      text: item.text,
      learnedAt,
    })
  }
  const result = verifyCompletion(item.text, holder)
  const { claims } = result
  const ofRoot = claims !== undefined && claims.txn === root?.task
  const outcome = outcomeText(
    result.outcome.state === 'ok' && !ofRoot ? outcomeOf('task_altered') : result.outcome,
  )
  if (claims === undefined) return one('Revocation', item, { outcome, text: item.text, learnedAt })
  return one('Revocation', item, {
    issuer: `${COMPLETION_PREFIX}${jwkThumbprint(holder)}`,
    task: claims.txn,
    at: claims.iat,
    moment: momentOf(claims.iat, claims.jti),
    outcome,
    text: item.text,
    learnedAt,
  })
}

function taskNamedBy(item: SignedEvidence): string | undefined {
  const task = claimsOf(item.text)?.['txn']
  return typeof task === 'string' ? task : undefined
}

/** Reads back an approval as judges need it. */
export function approvalOfNode(
  node: GraphNode,
  links: ReadonlyMap<string, PathLink>,
  cited: boolean,
): ApprovalRecord {
  const text = reader(node)
  const link = text('link')
  const holder = link === undefined ? undefined : links.get(link)
  // Whose approval it was is nothing that a token of another kind may say.
  const known = holder?.arrived === true && !isForeign(holder)
  const subject = text('subject') ?? (known ? holder.delegate : undefined)
  const issuedAt = Number(node.columns['issuedAt'] ?? 0)
  const grants = text('grants')
  return {
    hash: node.key,
    outcome: outcomeFrom(text('outcome')),
    decision: text('decision') === 'approve' ? 'approve' : 'deny',
    approver: text('approver') ?? 'unknown',
    issuer: text('issuer') ?? 'unknown',
    tool: text('tool') ?? '',
    issuedAt,
    expiresAt: Number(node.columns['expiresAt'] ?? Number.POSITIVE_INFINITY),
    moment: momentOfToken(issuedAt, text('token')),
    uses: Number(node.columns['uses'] ?? 1),
    delegates: node.columns['delegates'] === true,
    cited,
    ...(grants === undefined ? {} : { grants: JSON.parse(grants) as ArgumentMap }),
    ...given('after', text('after')),
    ...given('task', text('task')),
    ...given('session', text('session')),
    ...given('link', link),
    ...given('subject', subject),
    ...given('audience', text('audience')),
    ...given('actionHash', text('actionHash')),
    ...given('token', text('token')),
    ...given('acr', text('acr')),
  }
}

/** Issuer and token id of a node, read for the moment of signing. */
export function momentOfToken(iat: number, token: string | undefined): number {
  return momentOf(iat, token?.split(' ').at(-1))
}

/** Undefined for a withdrawal that does not verify: it withdraws nothing. */
export function revocationOfNode(
  node: GraphNode,
  registry: Registry,
): RevocationRecord | undefined {
  const text = reader(node)
  const outcome = outcomeFrom(text('outcome'))
  if (!holds(outcome)) return undefined
  const issuer = text('issuer') ?? ''
  const token = text('token')
  const [key, hash] = token === undefined ? [] : [keyOfToken(token), hashOfToken(token)]
  return {
    kind: issuer.startsWith(COMPLETION_PREFIX) ? 'task_completed' : 'revoked',
    at: Number(node.columns['at'] ?? 0),
    moment: Number(node.columns['moment'] ?? 0),
    ...(outcome.state === 'ok' ? {} : { unsigned: true, ...agentIn(issuer, registry) }),
    ...given('token', key === undefined && hash === undefined ? token : undefined),
    ...given('key', key),
    ...given('hash', hash),
    ...given('task', text('task')),
  }
}

function agentIn(issuer: string, registry: Registry): { readonly agent?: string } {
  return registry.isAgent(issuer) ? { agent: issuer } : {}
}

export function stub(kind: GraphNode['kind'], column: string, key: string): GraphNode {
  return { kind, key, columns: { [column]: key } }
}

type ArtefactKind = 'Approval' | 'Decision' | 'Revocation' | 'Credential' | 'Identity'

/** The node of one signed text, with the columns that are known. */
export function one(
  kind: ArtefactKind,
  item: SignedEvidence,
  columns: Readonly<Record<string, Scalar | undefined>>,
): Projected {
  const hash = item.artefact
  return { nodes: [{ kind, key: hash, columns: { hash, ...knownColumns(columns) } }], edges: [] }
}

/** The node of a text that was too large to keep. */
export function unread(item: SignedEvidence, kind: ArtefactKind, learnedAt: number): Projected {
  return one(kind, item, { outcome: outcomeText(outcomeOf('oversized')), learnedAt })
}

/** A text that was cut on its way is truncated, never forged. */
export function truncatedOr(item: SignedEvidence, outcome: Outcome): Outcome {
  return item.truncated && outcome.state !== 'ok' ? outcomeOf('truncated') : outcome
}

export function reader(node: GraphNode): (name: string) => string | undefined {
  return (name) => {
    const value = node.columns[name]
    return typeof value === 'string' ? value : undefined
  }
}

export function given<K extends string>(
  key: K,
  value: string | undefined,
): { readonly [P in K]?: string } {
  return (value === undefined ? {} : { [key]: value }) as { readonly [P in K]?: string }
}

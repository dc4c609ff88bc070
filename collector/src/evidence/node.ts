import type { GraphNode, Scalar } from '@delegraph/graph-schema'
import { boundedMap, decodeUnverified } from '@delegraph/link'
import type { AssertedRecord } from './asserted.ts'
import { foreignColumns } from './foreign.ts'
import type { Evidence, SignedEvidence } from './types.ts'

/**
 * The evidence node of one item: its content whole, and the few values it is looked up by. Those are
 * read from the text before any signature is checked, so they only ever find candidates.
 */
export function evidenceNode(evidence: Evidence, learnedAt: number): GraphNode {
  return {
    kind: 'Evidence',
    key: evidence.id,
    columns: {
      id: evidence.id,
      kind: evidence.kind,
      body: JSON.stringify(evidence),
      learnedAt,
      ...columnsOf(evidence),
    },
  }
}

/** The item that a node was made of. */
export function evidenceOfNode(node: GraphNode): Evidence {
  return JSON.parse(String(node.columns['body'])) as Evidence
}

function columnsOf(evidence: Evidence): Record<string, Scalar> {
  switch (evidence.kind) {
    case 'registry':
    case 'trust':
    case 'status':
      return {}
    case 'asserted':
      return defined({ artefact: evidence.id, task: taskOf(evidence.record) })
    case 'report':
      return { artefact: evidence.link }
    case 'movement':
      return defined({ link: evidence.facts.link, task: evidence.facts.task })
    case 'span': {
      const { link, actionHash, task } = evidence.facts
      return defined({ action: evidence.action, link, actionHash, task })
    }
    case 'foreign':
      return defined(foreignColumns(evidence))
    default:
      return signedColumns(evidence)
  }
}

function taskOf(record: AssertedRecord | undefined): string | undefined {
  if (record?.type === 'withdrawal') return record.what === 'task' ? record.id : undefined
  return record?.task
}

function signedColumns(evidence: SignedEvidence): Record<string, Scalar> {
  const claims = claimsOf(evidence.text)
  const link = evidence.kind === 'link' ? evidence.artefact : text(claims, 'aat_hash')
  return defined({
    artefact: evidence.artefact,
    link,
    parent: text(claims, 'par_hash'),
    task: text(claims, 'txn'),
    actionHash: text(claims, 'action_hash'),
    token: tokenOf(claims),
    action: actionOf(evidence, claims),
  })
}

/** A receipt names its own span, signed; for all others the carrier says which span they are of. */
function actionOf(evidence: SignedEvidence, claims: Claims): string | undefined {
  if (evidence.kind !== 'receipt') return undefined
  const trace = claims?.['trace']
  if (typeof trace === 'object' && trace !== null) {
    const { trace_id: traceId, span_id: spanId } = trace as Record<string, unknown>
    if (typeof traceId === 'string' && typeof spanId === 'string') {
      return `${traceId.slice(0, 64)}-${spanId.slice(0, 32)}`
    }
  }
  return evidence.action
}

type Claims = Readonly<Record<string, unknown>> | undefined

/** The payload of a signed text as it stands, nothing checked; undefined where it has none. */
export function claimsOf(signed: string | undefined): Claims {
  if (signed === undefined) return undefined
  const known = CLAIMS.get(signed)
  if (known !== undefined) return known.claims
  const decoded = decodeUnverified(signed)
  const claims = 'payload' in decoded ? (decoded.payload as Claims) : undefined
  CLAIMS.set(signed, { claims })
  return claims
}

/** One text is asked for many times on its way into the graph: as evidence, as a node, as what is judged. */
const CLAIMS = boundedMap<{ readonly claims: Claims }>(2048)

/** Issuer and token id in one string, as the graph looks signed texts up. */
export function tokenKey(iss: string, jti: string): string {
  return `${iss} ${jti}`
}

function tokenOf(claims: Claims): string | undefined {
  const iss = text(claims, 'iss')
  const jti = text(claims, 'jti')
  return iss === undefined || jti === undefined ? undefined : tokenKey(iss, jti)
}

function text(claims: Claims, name: string): string | undefined {
  const value = claims?.[name]
  return typeof value === 'string' && value.length <= 2048 ? value : undefined
}

function defined(columns: Record<string, string | undefined>): Record<string, Scalar> {
  const result: Record<string, Scalar> = {}
  for (const [name, value] of Object.entries(columns)) if (value !== undefined) result[name] = value
  return result
}

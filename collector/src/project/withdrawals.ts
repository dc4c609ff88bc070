import type { GraphNode } from '@delegraph/graph-schema'
import { type PublicJwk, THUMBPRINT_URI_PREFIX } from '@delegraph/link'
import { claimsOf, evidenceOfNode, tokenKey } from '../evidence/node.ts'
import type { SignedEvidence } from '../evidence/types.ts'
import type { GraphStore } from '../graph/index.ts'
import { pathLinkOf } from '../verify/path.ts'
import { keyOfToken, keyToken } from './artefacts.ts'
import type { Learned } from './learned.ts'
import { MAX_DESCENDANTS } from './links.ts'
import { distinct, textOf, unique } from './nodes.ts'

/** Keys whose holders may withdraw what a withdrawal names: those above the link, or the key's own. */
export async function keysAbove(store: GraphStore, evidence: SignedEvidence) {
  const targets = await targetsOf(store, evidence)
  const above = await store.ancestors(targets.map((node) => node.key))
  const own = withdrawnKey(evidence) === undefined ? [] : targets
  return [...own, ...above.filter((node) => !targets.some((target) => target.key === node.key))]
    .map((node) => pathLinkOf(node).holderKey)
    .filter((jwk): jwk is PublicJwk => jwk !== undefined)
}

async function targetsOf(store: GraphStore, evidence: SignedEvidence): Promise<GraphNode[]> {
  const token = targetToken(evidence)
  if (token !== undefined) return store.find('Link', 'token', [token])
  const key = withdrawnKey(evidence)
  return key === undefined ? [] : store.find('Link', 'holderKey', [key])
}

/** The thumbprint of the key that a security event names (RFC 9278). */
function withdrawnKey(evidence: SignedEvidence): string | undefined {
  const subject = claimsOf(evidence.text)?.['sub_id']
  if (typeof subject !== 'object' || subject === null) return undefined
  const { uri } = subject as Record<string, unknown>
  return typeof uri === 'string' && uri.startsWith(THUMBPRINT_URI_PREFIX)
    ? uri.slice(THUMBPRINT_URI_PREFIX.length)
    : undefined
}

/** The root link that the end of a task names. */
export async function rootNamedBy(store: GraphStore, evidence: SignedEvidence) {
  const hash = claimsOf(evidence.text)?.['aat_hash']
  if (typeof hash !== 'string') return undefined
  const [node] = await store.find('Link', 'hash', [hash])
  const link = node === undefined ? undefined : pathLinkOf(node)
  return link?.parent === undefined ? link : undefined
}

/** The token of the link that a security event names (RFC 9493, format `jwt_id`). */
function targetToken(evidence: SignedEvidence): string | undefined {
  const subject = claimsOf(evidence.text)?.['sub_id']
  if (typeof subject !== 'object' || subject === null) return undefined
  const { iss, jti } = subject as Record<string, unknown>
  return typeof iss === 'string' && typeof jti === 'string' ? tokenKey(iss, jti) : undefined
}

/** Withdrawals that came before the links they need are judged again when those arrive. */
export async function waitingWithdrawals(
  store: GraphStore,
  links: readonly GraphNode[],
): Promise<Learned[]> {
  const tokens = distinct([
    ...links.flatMap((node) => textOf(node, 'token') ?? []),
    ...links.flatMap((node) =>
      ['holderKey', 'anchor'].flatMap((name) => {
        const key = textOf(node, name)
        return key === undefined ? [] : [keyToken(key)]
      }),
    ),
  ])
  const tasks = distinct(links.flatMap((node) => textOf(node, 'task') ?? []))
  const found = unique([
    ...(await store.find('Revocation', 'token', tokens)),
    ...(await store.find('Revocation', 'task', tasks)),
  ]).filter((node) => textOf(node, 'outcome') !== 'ok')
  const evidence = await store.find(
    'Evidence',
    'artefact',
    found.map((node) => node.key),
  )
  return evidence.map((node) => ({
    evidence: evidenceOfNode(node),
    learnedAt: Number(node.columns['learnedAt'] ?? 0),
  }))
}

/** Links that a withdrawal touches, with everything below them. */
export async function withdrawnLinks(
  store: GraphStore,
  nodes: readonly GraphNode[],
): Promise<string[]> {
  const withdrawals = nodes.filter((node) => node.kind === 'Revocation')
  const tokens = distinct(withdrawals.flatMap((node) => textOf(node, 'token') ?? []))
  const tasks = distinct(withdrawals.flatMap((node) => textOf(node, 'task') ?? []))
  const keys = tokens.flatMap((token) => keyOfToken(token) ?? [])
  const named = unique([
    ...(await store.find('Link', 'token', tokens)),
    ...(await store.find('Link', 'task', tasks)),
    ...(await store.find('Link', 'holderKey', keys)),
    ...(await store.find('Link', 'anchor', keys)),
  ]).map((node) => node.key)
  const below = await store.descendants(named, MAX_DESCENDANTS)
  return distinct([...named, ...below.map((node) => node.key)])
}

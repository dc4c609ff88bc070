import type { GraphNode } from '@delegraph/graph-schema'
import {
  isFault,
  jwkThumbprint,
  type PublicJwk,
  parsePublicJwk,
  THUMBPRINT_URI_PREFIX,
  type Trust,
  verifyReceipt,
} from '@delegraph/link'
import { evidenceOfNode } from '../evidence/node.ts'
import type { GraphStore } from '../graph/index.ts'
import { isServiceSigned } from '../verify/called-side.ts'
import type { Registry } from '../verify/registry.ts'
import { distinct, textOf } from './nodes.ts'

/**
 * Token keys (issuer and id) under which two different receipts were signed. Only signatures that
 * hold count: otherwise a stranger could burn the receipt of somebody else by repeating its id.
 */
export async function receiptConflicts(
  store: GraphStore,
  nodes: readonly GraphNode[],
  settings: { readonly trust: Trust; readonly registry: Registry },
): Promise<Set<string>> {
  const receipts = nodes.filter((node) => textOf(node, 'kind') === 'receipt')
  const byToken = Map.groupBy(receipts, (node) => textOf(node, 'token') ?? '')
  const shared = [...byToken].filter(([, list]) => artefactsOf(list).size > 1)
  if (shared.length === 0) return new Set()
  const keys = await holderKeys(
    store,
    shared.map(([token]) => token),
    settings.registry,
  )
  const conflicts = shared.filter(([token, list]) => {
    const key = keys.get(holderOf(token) ?? '')
    const held = list.filter((node) => holds(node, key, settings.trust))
    return artefactsOf(held).size > 1
  })
  return new Set(conflicts.map(([token]) => token))
}

function artefactsOf(nodes: readonly GraphNode[]): Set<string> {
  return new Set(nodes.map((node) => textOf(node, 'artefact') ?? node.key))
}

/** The thumbprint in a token key whose issuer is the holder of a key. */
function holderOf(token: string): string | undefined {
  const [issuer = ''] = token.split(' ')
  return issuer.startsWith(THUMBPRINT_URI_PREFIX)
    ? issuer.slice(THUMBPRINT_URI_PREFIX.length)
    : undefined
}

async function holderKeys(
  store: GraphStore,
  tokens: readonly string[],
  registry: Registry,
): Promise<Map<string, PublicJwk>> {
  const wanted = distinct(tokens.flatMap((token) => holderOf(token) ?? []))
  const keys = new Map<string, PublicJwk>()
  for (const node of await store.find('Key', 'thumbprint', wanted)) {
    const key = parsePublicJwk(JSON.parse(textOf(node, 'jwk') ?? 'null'))
    if (!isFault(key)) keys.set(key.jkt, key.jwk)
  }
  for (const thumbprint of wanted) {
    const agent = registry.agentOfKey(thumbprint)
    const listed = agent === undefined ? [] : registry.keyOfAgent(agent)
    const own = listed.find((jwk) => jwkThumbprint(jwk) === thumbprint)
    if (own !== undefined) keys.set(thumbprint, own)
  }
  return keys
}

function holds(node: GraphNode, key: PublicJwk | undefined, trust: Trust): boolean {
  const item = evidenceOfNode(node)
  if (item.kind !== 'receipt' || item.text === undefined) return false
  if (isServiceSigned(item))
    return verifyReceipt(item.text, trust.toolServers).signature === 'valid'
  return key !== undefined && verifyReceipt(item.text, key).signature === 'valid'
}

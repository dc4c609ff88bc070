import { type GraphNode, outcomeText } from '@delegraph/graph-schema'
import {
  type AttestedIdentity,
  jwkThumbprint,
  type Trust,
  verifyWorkloadIdentity,
} from '@delegraph/link'
import { claimsOf } from '../evidence/node.ts'
import type { SignedEvidence } from '../evidence/types.ts'
import type { GraphStore } from '../graph/index.ts'
import type { PathLink } from '../verify/path.ts'
import type { Registry } from '../verify/registry.ts'
import { one, type Projected, truncatedOr, unread } from './artefacts.ts'
import { distinct, textOf } from './nodes.ts'

/** The node of a workload identity token, whatever its verdict. */
export function projectIdentity(item: SignedEvidence, trust: Trust, learnedAt: number): Projected {
  const { text } = item
  if (text === undefined) return unread(item, 'Identity', learnedAt)
  const { outcome, identity } = verifyWorkloadIdentity(text, trust.workloads)
  return one('Identity', item, {
    holderKey: identity?.jkt,
    agent: identity?.sub,
    issuer: identity?.iss,
    from: identity?.from,
    until: identity?.until,
    outcome: outcomeText(truncatedOr(item, outcome)),
    text,
    learnedAt,
  })
}

/** What trust domains say of the keys of these links and of the agents that sign without one. */
export async function identitiesFor(
  store: GraphStore,
  links: Iterable<PathLink>,
  receipts: readonly SignedEvidence[],
  { registry, trust }: { readonly registry: Registry; readonly trust: Trust },
): Promise<AttestedIdentity[]> {
  const held = [...links].flatMap(({ holderThumbprint }) => holderThumbprint ?? [])
  const registered = receipts.flatMap((receipt) => {
    const act = claimsOf(receipt.text)?.['act'] as { readonly sub?: unknown } | undefined
    return typeof act?.sub === 'string' ? registry.keyOfAgent(act.sub).map(jwkThumbprint) : []
  })
  const nodes = await store.find('Identity', 'holderKey', distinct([...held, ...registered]))
  return nodes.flatMap((node) => {
    if (textOf(node, 'outcome') !== 'ok') return []
    return verifyWorkloadIdentity(textOf(node, 'text') ?? '', trust.workloads).identity ?? []
  })
}

/** Actions and links that new identity tokens speak of, by the key that they name. */
export async function touchedByIdentities(
  store: GraphStore,
  nodes: readonly GraphNode[],
  registry: Registry,
): Promise<{ readonly links: readonly string[]; readonly actions: readonly string[] }> {
  const keys = distinct(
    nodes.flatMap((node) => (node.kind === 'Identity' ? (textOf(node, 'holderKey') ?? []) : [])),
  )
  if (keys.length === 0) return { links: [], actions: [] }
  const links = await store.find('Link', 'holderKey', keys)
  // An agent without a link is known by its registered key.
  const agents = distinct(keys.flatMap((key) => registry.agentOfKey(key) ?? []))
  const actions = await store.find('Action', 'agent', agents)
  return {
    links: links.map((node) => node.key),
    actions: actions.filter((node) => textOf(node, 'link') === undefined).map((node) => node.key),
  }
}

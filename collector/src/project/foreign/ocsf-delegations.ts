import { NOT_APPLICABLE } from '@delegraph/graph-schema'
import { evidenceOfNode } from '../../evidence/node.ts'
import { type OcsfDelegation, ocsfKey, ocsfOf } from '../../evidence/ocsf.ts'
import type { ForeignEvidence } from '../../evidence/types.ts'
import type { GraphStore } from '../../graph/index.ts'
import type { Projected } from '../artefacts.ts'
import { distinct } from '../nodes.ts'
import { foreignLinkNodes, joined, namedIn } from './foreign-link.ts'

export const OCSF_PROFILE = 'ocsf'
const MAX_BELOW = 1_000
const MAX_ABOVE = 16

/**
 * The delegations named and those below them, each from every record of it that has arrived. Nobody
 * signed any of it: they are `asserted`, and two records that differ say so.
 */
export async function projectOcsf(store: GraphStore, keys: readonly string[]): Promise<Projected> {
  if (keys.length === 0) return joined([])
  const below = await store.descendants(distinct(keys), MAX_BELOW)
  const affected = distinct([...keys, ...below.map((node) => node.key)])
  const known = await withAncestors(store, affected)
  return joined(
    affected.flatMap((key) => {
      const record = known.get(key)
      if (record === undefined) return []
      const others = record.others.map((value) => {
        return namedIn(delegationNodes(key, { ...record, value }, known), key)
      })
      return [...others, delegationNodes(key, record, known)]
    }),
  )
}

interface Recorded {
  readonly value: OcsfDelegation
  /** What other records say of the same delegation. */
  readonly others: readonly OcsfDelegation[]
  readonly learnedAt: number
}

function delegationNodes(
  key: string,
  { value, others, learnedAt }: Recorded,
  known: ReadonlyMap<string, Recorded>,
): Projected {
  const { delegation } = value
  const parent = parentOf(value)
  const above = ancestorsOf(key, known)
  const root = above.at(-1)
  const principal = principalOf(value)
  return foreignLinkNodes({
    key,
    profile: OCSF_PROFILE,
    grade: 'asserted',
    reading: NOT_APPLICABLE,
    signature: 'unchecked',
    depth: above.length - 1,
    flags: [...(others.length > 0 ? ['records_differ'] : []), 'scope_unknown'],
    learnedAt,
    parent,
    chain: root !== undefined && parentOf(root.value) === undefined ? root.key : undefined,
    issuer: delegation.issuer_uid,
    principal,
    delegator: parent === undefined ? principal : delegateOf(known.get(parent)?.value),
    delegate: delegateOf(value),
    instance: value.ai_agent?.instance_uid,
    issuedAt: seconds(delegation.created_time),
    expiresAt: seconds(delegation.expiration_time),
    audience: [delegation.audience ?? []].flat(),
    scopes: [...(delegation.scopes ?? [])].sort(),
  })
}

/** A parent is looked for under the same issuer: the record names no other. */
function parentOf({ delegation }: OcsfDelegation): string | undefined {
  const { parent_uid: parent, issuer_uid: issuer, uid } = delegation
  return parent === undefined || parent === uid ? undefined : ocsfKey(issuer, parent)
}

function delegateOf(value: OcsfDelegation | undefined): string | undefined {
  const { ai_agent: agent, actor } = value ?? {}
  return agent?.uid ?? agent?.name ?? actor?.app_uid ?? actor?.app_name
}

function principalOf({ actor }: OcsfDelegation): string | undefined {
  return actor?.user?.uid ?? actor?.user?.name
}

/** From the delegation itself upwards, as far as records have arrived; a ring ends. */
function ancestorsOf(key: string, known: ReadonlyMap<string, Recorded>) {
  const path: { readonly key: string; readonly value: OcsfDelegation }[] = []
  let next: string | undefined = key
  while (next !== undefined && path.length < MAX_ABOVE) {
    const at: string = next
    const record = known.get(at)
    if (record === undefined || path.some((one) => one.key === at)) break
    path.push({ key: at, value: record.value })
    next = parentOf(record.value)
  }
  return path
}

async function withAncestors(
  store: GraphStore,
  keys: readonly string[],
): Promise<Map<string, Recorded>> {
  const found = new Map<string, Recorded>()
  let wanted = distinct(keys)
  for (let level = 0; level <= MAX_ABOVE && wanted.length > 0; level += 1) {
    const nodes = await store.find('Evidence', 'artefact', wanted)
    const items = nodes
      .map((node) => ({
        item: evidenceOfNode(node),
        learnedAt: Number(node.columns['learnedAt'] ?? 0),
      }))
      .filter((entry): entry is { item: ForeignEvidence; learnedAt: number } => {
        return entry.item.kind === 'foreign' && entry.item.form === 'ocsf'
      })
    for (const [key, list] of Map.groupBy(items, ({ item }) => item.artefact)) {
      const [first, ...others] = list.toSorted((a, b) => (a.item.id < b.item.id ? -1 : 1))
      if (first === undefined) continue
      const learnedAt = Math.min(...list.map((entry) => entry.learnedAt))
      found.set(key, {
        value: ocsfOf(first.item),
        others: others.map(({ item }) => ocsfOf(item)),
        learnedAt,
      })
    }
    const parents = wanted.flatMap((key) => {
      const value = found.get(key)?.value
      return value === undefined ? [] : (parentOf(value) ?? [])
    })
    wanted = distinct(parents).filter((key) => !found.has(key))
  }
  return found
}

function seconds(milliseconds: number | undefined): number | undefined {
  return milliseconds === undefined ? undefined : Math.floor(milliseconds / 1000)
}

import type { RegistryEntry } from '@delegraph/graph-schema'
import { signRegistry } from '@delegraph/link'
import { dateOf } from './play/clock.ts'
import { mapOf } from './play/permissions.ts'
import type { Stage } from './play/stage.ts'
import { BASE, type World } from './world.ts'

/** What the owners of a case say of its agents: all that is no event of the product. */
export function registryEntries(stage: Stage): RegistryEntry[] {
  const { case: played, names } = stage
  return [
    ...played.principals.map(
      ({ id, kind }): RegistryEntry => ({
        ...{ type: 'principal', id: names.of(id), kind },
        // Services and organisations may grant in the name of somebody else.
        ...(kind === 'person' ? { issuers: [stage.rootOf(id).iss] } : {}),
      }),
    ),
    ...played.agents.map(
      ({ id, owner, kind }): RegistryEntry => ({
        ...{ type: 'owner', agent: names.of(id), kind },
        owner: owner === null ? null : names.of(owner),
        keys: kind === 'external' ? [] : [{ ...stage.actor(id).key.jwk }],
      }),
    ),
    ...played.agents.flatMap(({ id, standing }) =>
      standing.map(
        ({ perm, where }): RegistryEntry => ({
          ...{ type: 'standing', agent: names.of(id) },
          tools: { [names.tool(perm)]: mapOf(where) },
        }),
      ),
    ),
    ...played.public.map(
      (perm): RegistryEntry => ({ type: 'public', tools: { [names.tool(perm)]: {} } }),
    ),
    ...played.conflicts.map(
      (perms): RegistryEntry => ({
        type: 'conflict',
        tools: perms.map((perm) => names.tool(perm)),
      }),
    ),
    ...Object.entries(played.purposes).map(
      ([child, parent]): RegistryEntry => ({
        ...{ type: 'purpose', child: names.of(child), parent: names.of(parent) },
      }),
    ),
    ...limitsOf(stage),
    ...exportsOf(stage),
  ]
}

/** A limit of one case is one for the chains of its principals. */
function limitsOf({ case: played, names }: Stage): RegistryEntry[] {
  const { max_depth } = played.limits
  if (max_depth === undefined) return []
  return played.principals.map(({ id }) => ({
    ...{ type: 'limit' as const, max_depth, principal: names.of(id) },
  }))
}

function exportsOf({ case: played, names }: Stage): RegistryEntry[] {
  return played.events.flatMap((event): RegistryEntry[] => {
    if (event.type !== 'export') return []
    const { owner, agent, to, perm, where, exp, t } = event
    return [
      {
        ...{ type: 'export', agent: names.of(agent), owner: names.of(owner) },
        callers: to === '*' ? '*' : [names.of(to)],
        tools: { [names.tool(perm)]: mapOf(where) },
        from: dateOf(t),
        ...(exp === undefined ? {} : { until: dateOf(exp) }),
      },
    ]
  })
}

/** Signed by the owners' key, as a collector loads it. */
export function registryText(world: World, entries: readonly RegistryEntry[]): string {
  const { iss, kid, key } = world.owners
  const plain = JSON.parse(JSON.stringify(entries)) as Parameters<
    typeof signRegistry
  >[0]['claims']['entries']
  const claims = { iss, iat: BASE, version: '1', entries: plain }
  return signRegistry({ signer: key, kid, claims }).text
}

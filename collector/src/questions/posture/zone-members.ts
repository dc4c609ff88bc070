import type { Filter, GraphStore } from '../../graph/index.ts'
import type { Zone, Zones } from '../../zones/zones.ts'

/** What of the findings is in a zone, by the whole of how it is defined. */
export interface ZoneMembers {
  readonly zone: Zone
  readonly tools: readonly string[]
  readonly resources: readonly string[]
  /** There are no more. */
  readonly complete: boolean
}

/** Tools, and resources, whose names are looked at. */
const LOOKED_AT = 5_000

/** The tools and resources that findings are about, by zone, the gravest zone first. */
export async function zoneMembers(store: GraphStore, zones: Zones): Promise<ZoneMembers[]> {
  if (zones.all.length === 0) return []
  const tools = await store.values('Finding', 'tool', LOOKED_AT)
  const resources = await store.values('Finding', 'resource', LOOKED_AT)
  const complete = tools.length < LOOKED_AT && resources.length < LOOKED_AT
  const inZone = (name: string, of: readonly Zone[]): boolean => of.some((one) => one.name === name)
  return zones.all.map((zone) => ({
    zone,
    tools: tools.filter((tool) => inZone(zone.name, zones.of(tool))),
    resources: resources.filter((resource) => inZone(zone.name, zones.of(undefined, resource))),
    complete,
  }))
}

/** What of them is asked of the store: a finding is in a zone by its tool or by its resource. */
export function withinZones(members: readonly ZoneMembers[]): NonNullable<Filter['any']> {
  return {
    tool: members.flatMap(({ tools }) => tools),
    resource: members.flatMap(({ resources }) => resources),
  }
}

import type { GraphStore } from '../../graph/index.ts'
import type { Zones } from '../../zones/zones.ts'
import { ACCEPTED, CLOSED, type Counted, findings, OPEN } from './counts.ts'
import { withinZones, type ZoneMembers, zoneMembers } from './zone-members.ts'

/** How findings stand in one zone. */
export interface ZonePosture extends ZoneMembers {
  readonly open: Counted
  readonly accepted: Counted
  readonly closed: Counted
}

/** Of the names of a zone, as many as are told. */
const TOLD = 200

/** Findings by the zones of their tools and resources, the gravest zone first. */
export async function zonePostures(store: GraphStore, zones: Zones): Promise<ZonePosture[]> {
  const postures: ZonePosture[] = []
  for (const members of await zoneMembers(store, zones)) {
    const any = withinZones([members])
    postures.push({
      ...members,
      tools: members.tools.slice(0, TOLD),
      resources: members.resources.slice(0, TOLD),
      open: await findings(store, OPEN, any),
      accepted: await findings(store, ACCEPTED, any),
      closed: await findings(store, CLOSED, any),
    })
  }
  return postures
}

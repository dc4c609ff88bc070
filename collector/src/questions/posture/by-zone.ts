import { type GraphStore, pagesOf } from '../../graph/index.ts'
import type { Zone, Zones } from '../../zones/zones.ts'
import { ACCEPTED, CLOSED, type Counted, findings, OPEN } from './counts.ts'

/** How findings stand in one zone. */
export interface ZonePosture {
  readonly zone: Zone
  /** Its tools, as far as they are known: a finding is in a zone by its tool. */
  readonly tools: readonly string[]
  /** These are all of its tools. */
  readonly complete: boolean
  readonly open: Counted
  readonly accepted: Counted
  readonly closed: Counted
}

/** Tools whose names are looked at, and that one zone counts. */
const LOOKED_AT = 2_000
const PER_ZONE = 200
const PAGE = 500

/** Findings by the zones of their tools, the gravest zone first. */
export async function zonePostures(store: GraphStore, zones: Zones): Promise<ZonePosture[]> {
  if (zones.all.length === 0) return []
  const byZone = new Map<string, string[]>()
  let seen = 0
  const all = { kind: 'Tool', where: {}, orderBy: 'uri', direction: 'asc', limit: PAGE } as const
  for await (const page of pagesOf(store, all)) {
    for (const { key } of page) {
      for (const { name } of zones.of(key)) byZone.set(name, [...(byZone.get(name) ?? []), key])
    }
    seen += page.length
    if (seen >= LOOKED_AT) break
  }
  const postures: ZonePosture[] = []
  for (const zone of zones.all) {
    const own = byZone.get(zone.name) ?? []
    const tool = own.slice(0, PER_ZONE)
    const of = (equals: Parameters<typeof findings>[1]): Promise<Counted> =>
      tool.length === 0
        ? Promise.resolve({ value: 0, approximate: false })
        : findings(store, { ...equals, tool })
    postures.push({
      zone,
      tools: tool,
      complete: own.length <= PER_ZONE && seen < LOOKED_AT,
      open: await of(OPEN),
      accepted: await of(ACCEPTED),
      closed: await of(CLOSED),
    })
  }
  return postures
}

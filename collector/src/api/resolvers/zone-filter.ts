import type { Filter } from '../../graph/index.ts'
import { withinZones, zoneMembers } from '../../questions/posture/zone-members.ts'
import type { Listing } from '../connection.ts'
import type { ApiContext } from '../context.ts'
import { type InvalidArgument, invalidArgument, isUserError } from '../errors.ts'

/** What findings of these zones have; the graph knows of no zones, so their names are looked up in it. */
export async function zoneFilter(
  names: unknown,
  { store, zones }: Pick<ApiContext, 'store' | 'zones'>,
): Promise<Filter['any'] | InvalidArgument> {
  if (!Array.isArray(names)) return undefined
  const known = zones.all.map(({ name }) => name)
  if (!names.every((name) => known.includes(name))) {
    return invalidArgument('where.zone', 'names of zones of the configuration')
  }
  const members = await zoneMembers(store, zones)
  return withinZones(members.filter(({ zone }) => names.includes(zone.name)))
}

/** The same listing within the zones that its filter names. */
export async function inZones(
  listing: Listing | InvalidArgument,
  where: unknown,
  context: Pick<ApiContext, 'store' | 'zones'>,
): Promise<Listing | InvalidArgument> {
  if (isUserError(listing)) return listing
  const any = await zoneFilter((where as { zone?: unknown } | undefined)?.zone, context)
  if (any === undefined) return listing
  return isUserError(any) ? any : { ...listing, where: { ...listing.where, any } }
}

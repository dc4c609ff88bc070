import type { Group } from '../../graph/index.ts'
import { type Args, type GroupConnection, groupsOf } from '../connection.ts'
import type { ApiContext } from '../context.ts'
import { type InvalidArgument, isUserError } from '../errors.ts'
import { FINDING_GROUPS } from '../finding-groups.ts'
import { fromMilliseconds } from '../instants.ts'
import type { Fields } from './fields.ts'
import { findingListing } from './finding-filter.ts'
import { inZones } from './zone-filter.ts'

/** One page of the findings that fit, as groups. */
export async function findingGroups(
  _: unknown,
  args: Args,
  context: ApiContext,
): Promise<GroupConnection | InvalidArgument> {
  const { instants } = context
  const listing = await inZones(findingListing(args, instants?.validAt), args['where'], context)
  if (isUserError(listing)) return listing
  const { where, orderBy, direction } = listing
  const by = args['by'] === 'incident' ? 'incident' : 'series'
  return groupsOf(context.store, { ...FINDING_GROUPS, where, orderBy, direction, by }, args)
}

export const findingGroupFields: Fields<Group> = {
  key: ({ key }) => key,
  lead: ({ lead }) => lead,
  findings: ({ count }) => count,
  incidents: ({ distinct }) => distinct,
  firstAt: ({ least }) => fromMilliseconds(least),
  lastAt: ({ greatest }) => fromMilliseconds(greatest),
}

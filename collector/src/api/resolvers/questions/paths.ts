import { isMissing } from '../../../questions/asking.ts'
import type { Start, StartKind } from '../../../questions/blast-radius/start.ts'
import type { End, EndKind } from '../../../questions/paths/ends.ts'
import { MAX_WAYS, paths } from '../../../questions/paths/paths.ts'
import { type ReachedBy, reachedBy } from '../../../questions/paths/reached-by.ts'
import { who } from '../../../verify/words.ts'
import type { Args } from '../../connection.ts'
import type { ApiContext } from '../../context.ts'
import { type InvalidArgument, invalidArgument, isUserError, notFound } from '../../errors.ts'
import type { Fields } from '../fields.ts'
import { askingIn, idIn } from './asked.ts'
import { extentIn } from './extent.ts'
import { listPage } from './list-page.ts'

export async function askPaths(args: Args, context: ApiContext) {
  const from = named<StartKind>(args, 'from')
  if (isUserError(from)) return from
  const to = named<EndKind>(args, 'to')
  if (isUserError(to)) return to
  const extent = extentIn(args)
  if (isUserError(extent)) return extent
  const most = args['first'] ?? 10
  if (typeof most !== 'number' || most < 1 || most > MAX_WAYS)
    return invalidArgument('first', `from 1 to ${MAX_WAYS}`)
  const asked = { ...extent, most, inForce: args['inForce'] === true }
  const result = await paths(from, to, asked, await askingIn(context))
  return isMissing(result) ? notFound(result.missing) : { ...result, kind: 'Paths' }
}

export async function askReachedBy(args: Args, context: ApiContext) {
  const to = named<EndKind>(args, 'to')
  if (isUserError(to)) return to
  const extent = extentIn(args)
  if (isUserError(extent)) return extent
  const asked = { ...extent, inForce: args['inForce'] === true }
  const result = await reachedBy(to, asked, await askingIn(context))
  return isMissing(result) ? notFound(result.missing) : { ...result, kind: 'ReachedBy' }
}

/** A thing that an argument names. */
function named<Kind extends EndKind>(
  args: Args,
  name: string,
): { readonly kind: Kind; readonly id: string } | InvalidArgument {
  const { kind, id: given } = args[name] as { readonly kind: Kind; readonly id: string }
  const id = idIn(given, `${name}.id`)
  return isUserError(id) ? id : { kind, id }
}

export const endFields: Fields<End | Start> = { name: ({ id }) => who(id) }

export const reachedByFields: Fields<ReachedBy> = {
  reachers: ({ reachers, cappedBy }, args) => listPage(reachers, args, cappedBy.length > 0),
}

import type { Filter } from '../../graph/index.ts'
import { type Args, type Connection, pageOf } from '../connection.ts'
import type { ApiContext } from '../context.ts'
import { throwIfInvalid } from '../errors.ts'

/** One page of the actions that fit, newest first. */
export async function actionPage(
  where: Filter,
  args: Args,
  { store }: ApiContext,
): Promise<Connection> {
  const listing = {
    name: 'ActionConnection',
    of: 'Action',
    where,
    orderBy: 'at',
    direction: 'desc',
  } as const
  return throwIfInvalid(await pageOf(store, listing, args))
}

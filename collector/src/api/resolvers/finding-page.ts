import type { Scalar } from '../../graph/index.ts'
import { type Args, type Connection, pageOf } from '../connection.ts'
import type { ApiContext } from '../context.ts'
import { throwIfInvalid } from '../errors.ts'

/** One page of the findings of something, newest first. */
export async function findingPage(
  equals: Readonly<Record<string, readonly Scalar[]>>,
  args: Args,
  context: ApiContext,
): Promise<Connection> {
  const { state } = args
  const listing = {
    name: 'FindingConnection',
    of: 'Finding',
    where: { equals: { ...equals, ...(Array.isArray(state) ? { state } : {}) } },
    orderBy: 'raisedAt',
    direction: 'desc',
  } as const
  return throwIfInvalid(await pageOf(context.store, listing, args))
}

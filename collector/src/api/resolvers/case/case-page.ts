import { aboutOf, CASE_STATES, type CaseState, type Subject } from '../../../cases/index.ts'
import type { GraphStore } from '../../../graph/index.ts'
import { type Args, type Connection, pageOf } from '../../connection.ts'
import type { ApiContext } from '../../context.ts'
import { type InvalidArgument, invalidArgument } from '../../errors.ts'

/** Cases that hold one thing: more are not looked at. */
const MAX_HOLDING = 10_000
const MAX_ID = 1_024

export async function cases(
  _: unknown,
  args: Args,
  { store }: ApiContext,
): Promise<Connection | InvalidArgument> {
  const { state, holds } = (args['where'] ?? {}) as Where
  if (holds && holds.id.length > MAX_ID)
    return invalidArgument('where.holds.id', `at most ${MAX_ID} characters`)
  const equals = {
    ...(state ? { state: CASE_STATES.filter((one) => state.includes(one)) } : {}),
    ...(holds ? { id: await holding(store, holds) } : {}),
  }
  const listing = {
    name: 'CaseConnection',
    of: 'Case',
    where: { equals },
    orderBy: 'openedAt',
    direction: 'desc',
  } as const
  return pageOf(store, listing, args)
}

interface Where {
  readonly state?: readonly CaseState[] | null
  readonly holds?: Subject | null
}

async function holding(store: GraphStore, subject: Subject): Promise<string[]> {
  const items = await store.find('CaseItem', 'about', [aboutOf(subject)], MAX_HOLDING)
  return items.map(({ columns }) => String(columns['case']))
}

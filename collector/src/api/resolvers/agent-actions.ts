import { aboutKey } from '../../project/artefacts.ts'
import { type Args, type Connection, pageOf } from '../connection.ts'
import type { ApiContext } from '../context.ts'
import { throwIfInvalid } from '../errors.ts'
import { exactValues } from './exact-values.ts'

/** What an agent called, newest first, as far as `where` fits. */
export async function actionsOf(
  agent: string,
  args: Args,
  { store }: ApiContext,
): Promise<Connection> {
  const { tool, ...exact } = throwIfInvalid(
    exactValues('where', (args['where'] ?? {}) as Args, ['tool', 'grade']),
  )
  // By agent and tool the store finds at once what it would look for among all calls of the agent.
  const own =
    tool === undefined
      ? { agent: [agent] }
      : { about: tool.map((name) => aboutKey(agent, String(name))) }
  const listing = {
    name: 'ActionConnection',
    of: 'Action',
    where: { equals: { ...own, ...exact } },
    orderBy: 'at',
    direction: 'desc',
  } as const
  return throwIfInvalid(await pageOf(store, listing, args))
}

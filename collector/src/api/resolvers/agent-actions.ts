import { aboutKey } from '../../project/artefacts.ts'
import type { Args, Connection } from '../connection.ts'
import type { ApiContext } from '../context.ts'
import { throwIfInvalid } from '../errors.ts'
import { actionPage } from './action-page.ts'
import { exactValues } from './exact-values.ts'

/** What an agent called, newest first, as far as `where` fits. */
export async function actionsOf(
  agent: string,
  args: Args,
  context: ApiContext,
): Promise<Connection> {
  const { tool, ...exact } = throwIfInvalid(
    exactValues('where', (args['where'] ?? {}) as Args, ['tool', 'grade']),
  )
  // By agent and tool the store finds at once what it would look for among all calls of the agent.
  const own =
    tool === undefined
      ? { agent: [agent] }
      : { about: tool.map((name) => aboutKey(agent, String(name))) }
  return actionPage({ equals: { ...own, ...exact } }, args, context)
}

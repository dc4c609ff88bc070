import type { GraphNode } from '@delegraph/graph-schema'
import { isMissing } from '../../../questions/asking.ts'
import {
  type LeastPrivilege,
  leastPrivilege,
} from '../../../questions/least-privilege/least-privilege.ts'
import type { Proposal } from '../../../questions/least-privilege/proposal.ts'
import { intOf, textOf } from '../../columns.ts'
import type { Args } from '../../connection.ts'
import type { ApiContext } from '../../context.ts'
import { isUserError, notFound } from '../../errors.ts'
import { fromMilliseconds } from '../../instants.ts'
import { inheritedTools } from '../agent-exercised.ts'
import { permissionOf } from '../agent-granted.ts'
import type { Fields } from '../fields.ts'
import { askingIn, count, idIn, sinceIn } from './asked.ts'

export async function askLeastPrivilege(args: Args, context: ApiContext) {
  const agent = idIn(args['agent'], 'agent')
  if (isUserError(agent)) return agent
  const result = await leastPrivilege(agent, sinceIn(args), await askingIn(context))
  return isMissing(result) ? notFound(result.missing) : { ...result, kind: 'LeastPrivilege' }
}

export const leastPrivilegeFields: Fields<LeastPrivilege> = {
  agent: ({ agent }) => ({ kind: 'Agent', id: agent }),
  granted: ({ granted }) => granted.map(permissionOf),
  unused: ({ unused }) => unused.map(permissionOf),
  exercised: ({ exercised, capped }) => toolUses(exercised, capped),
  inherited: ({ inherited }) => inheritedTools(inherited),
}

export const proposalFields: Fields<Proposal> = {
  tools: ({ tools }) => (tools.length < 2 ? (tools[0] ?? {}) : tools),
}

/** Newest first within each tool. */
function toolUses(actions: readonly GraphNode[], capped: boolean) {
  const byTool = Map.groupBy(actions, (node) => textOf(node, 'tool') ?? '')
  return [...byTool]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .flatMap(([tool, uses]) => {
      const [newest] = uses
      if (newest === undefined) return []
      return {
        tool,
        uses: count(uses.length, capped),
        lastUsedAt: fromMilliseconds(intOf(newest, 'at')),
        lastAction: newest,
      }
    })
}

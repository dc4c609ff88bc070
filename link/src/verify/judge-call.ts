import { OK, type Outcome, outcomeOf } from '@delegraph/graph-schema'
import { permits, type ToolCall } from '../constraints/permits.ts'
import type { ToolGrants } from '../types.ts'

/** Whether the grants of the link in force cover a call, as the action part of a verdict says it. */
export function judgeCall(tools: ToolGrants, call: ToolCall): Outcome {
  const answer = permits(tools, call)
  if ('unknown' in answer) return outcomeOf('args_withheld')
  return answer.covered ? OK : outcomeOf('scope_not_granted', answer.reason)
}

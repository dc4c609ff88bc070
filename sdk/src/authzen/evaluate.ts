import { outcomeText } from '@delegraph/graph-schema'
import { decodeUnverified, isFault } from '@delegraph/link'
import { jsonArguments } from '../act/json-arguments.ts'
import { runtimeOf } from '../act/runtime.ts'
import { membersOf, type Presentation, readPresentation } from '../carriage/presentation.ts'
import { openService } from '../carriage/serve.ts'
import type { Delegraph } from '../delegraph.ts'
import type { Guard } from '../guard/guard.ts'
import type { GuardResult } from '../guard/result.ts'
import { extractedContext } from '../trace/propagation.ts'
import type { Decision, EvaluationRequest } from './model.ts'
import { ARGUMENTS_KEY, EVIDENCE_KEY } from './wire.ts'

export interface Evaluating {
  readonly guard: Guard
  /** Records what came and what was decided, where it is given. */
  readonly delegraph?: Delegraph
}

/**
 * One question to a guard: may whoever holds this chain call this tool of its service? It is the call as far as the
 * guard is concerned: the proof and the approvals that it rests on are used up. `headers` carry the caller's trace.
 */
export async function evaluate(
  { guard, delegraph }: Evaluating,
  { subject, action, resource, context }: EvaluationRequest,
  headers: Headers,
): Promise<Decision> {
  if (resource.type !== 'service' || resource.id !== guard.audience)
    return refused('the resource is not the service that is decided for here')
  const presentation = readPresentation(membersOf(context)[EVIDENCE_KEY])
  // Before anything is used up: a question about somebody else costs the holder nothing.
  if (!isOf(subject, presentation))
    return refused('the subject is neither the user nor the agent of the chain')
  const args = jsonArguments(membersOf(action.properties)[ARGUMENTS_KEY])
  const call = { tool: action.name, args, audience: guard.audience }
  const found =
    delegraph === undefined
      ? await guard.check(presentation, call)
      : await recorded(delegraph, guard, { call, presentation, headers })
  if (found === undefined) return refused('the guard gave no answer', 500)
  // Nothing is refused where the guard is told to observe; what it would have said stands beside it.
  return { decision: found.accept || guard.mode === 'observe', context: saidOf(guard, found) }
}

async function recorded(
  delegraph: Delegraph,
  guard: Guard,
  {
    call,
    presentation,
    headers,
  }: {
    readonly call: Parameters<typeof openService>[2]['call']
    readonly presentation: Presentation
    readonly headers: Headers
  },
): Promise<GuardResult | undefined> {
  const parent = extractedContext(Object.fromEntries(headers))
  const span = { name: 'access evaluation', attributes: {} }
  const request = { call, presentation, parent, span }
  const open = await openService(runtimeOf(delegraph), { resource: guard.audience, guard }, request)
  // Whether the call was made, and how it ended, is for the service to say.
  open.end('pending')
  return open.incoming.guard
}

/** Whom the last link says it is about. Read and not believed: the guard verifies the same text afterwards. */
function isOf({ type, id }: EvaluationRequest['subject'], { chain }: Presentation): boolean {
  const leaf = decodeUnverified(chain.at(-1) ?? '')
  // Without a chain the guard refuses, and says why.
  if (isFault(leaf)) return type === 'user' || type === 'agent'
  if (type === 'user') return leaf.payload['sub'] === id
  return type === 'agent' && membersOf(leaf.payload['act'])['sub'] === id
}

/** For the enforcement point, which is the service's own: codes and names of policies, no value of the call. */
function saidOf({ mode }: Guard, found: GuardResult): Readonly<Record<string, unknown>> {
  const { accept, verdict, notChecked, needsApproval, action, policy } = found
  return {
    verdict: Object.fromEntries(
      Object.entries(verdict).map(([part, outcome]) => [part, outcomeText(outcome)]),
    ),
    not_checked: notChecked,
    ...(mode === 'observe' ? { observed: accept } : {}),
    ...(needsApproval ? { needs_approval: true } : {}),
    ...(action === undefined ? {} : { action_hash: action.hash }),
    ...(policy === undefined
      ? {}
      : {
          policy: {
            mode: policy.mode,
            decision: policy.decision,
            set: policy.hash,
            policies: policy.policies,
            errors: policy.errors,
          },
        }),
  }
}

function refused(message: string, status = 400): Decision {
  return { decision: false, context: { error: { status, message } } }
}

import type { PolicyAnswer, PolicyFailure, Residual } from '@delegraph/link/policy'
import type { Answered, ReplayCase } from './replay-case.ts'

/** `errored`: the draft erred, which denies. `unknown`: before or after is not known. */
export type Change = 'same' | 'allow_to_deny' | 'deny_to_allow' | 'errored' | 'unknown'

/** What a draft would have answered to a call. */
export interface Replayed {
  readonly call: ReplayCase
  readonly change: Change
  readonly before?: Answered
  readonly after?: Answered
  /** Whether the answer after is the draft's, or the chain's, which no policy lifts. */
  readonly by: 'policy' | 'chain'
  /** Names of the policies that decided. */
  readonly policies: readonly string[]
  readonly errors: readonly PolicyFailure[]
  /** Of an unknown answer: what would have to be true, and what that hangs on. */
  readonly residuals: readonly Residual[]
  readonly missing: readonly string[]
}

/**
 * Compares what was answered with what a draft answers: with the record, or with what other policies (`against`) answer to
 * the same call. Pure. A policy stands on top of the chain, so a permit changes a refusal only where it was a policy's
 * and the chain holds; what is not known stays unknown.
 */
export function replayed(call: ReplayCase, draft: PolicyAnswer, against?: PolicyAnswer): Replayed {
  const then = answerOf(call, draft)
  const before = against === undefined ? call.recorded : answerOf(call, against).answer
  const after = then.answer
  return {
    call,
    change: changeOf(before, after, draft),
    by: then.by,
    policies: draft.policies,
    errors: draft.errors,
    residuals: after === undefined ? draft.residuals : [],
    missing: after === undefined ? [...draft.missing, ...(then.missing ?? [])] : [],
    ...(before === undefined ? {} : { before }),
    ...(after === undefined ? {} : { after }),
  }
}

function changeOf(
  before: Answered | undefined,
  after: Answered | undefined,
  draft: PolicyAnswer,
): Change {
  if (draft.errors.length > 0) return 'errored'
  if (before === undefined || after === undefined) return 'unknown'
  if (before === after) return 'same'
  return after === 'deny' ? 'allow_to_deny' : 'deny_to_allow'
}

interface Then {
  readonly answer?: Answered
  readonly by: 'policy' | 'chain'
  readonly missing?: readonly string[]
}

/** What a guard with these policies would have answered. */
function answerOf(call: ReplayCase, { decision }: PolicyAnswer): Then {
  if (decision === 'deny') return { answer: 'deny', by: 'policy' }
  const { recorded, refusedByPolicy, chainHolds } = call
  const isDecided = call.decision !== undefined
  // A record that allows shows that its enforcement point took the chain; a call that nobody decided shows nothing.
  if (chainHolds === 'no' && !(isDecided && recorded === 'allow'))
    return { answer: 'deny', by: 'chain' }
  if (recorded === 'deny' && refusedByPolicy === false) return { answer: 'deny', by: 'chain' }
  if (decision === 'unknown') return { by: 'policy' }
  if (recorded === 'allow') return { answer: 'allow', by: 'policy' }
  if (recorded === 'deny' && refusedByPolicy === undefined)
    return { by: 'chain', missing: ['why it was refused'] }
  return chainHolds === 'yes'
    ? { answer: 'allow', by: 'policy' }
    : { by: 'chain', missing: ['whether the chain holds'] }
}

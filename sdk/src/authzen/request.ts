import { decodeUnverified, isFault } from '@delegraph/link'
import type { Call } from '../act/proposal.ts'
import { membersOf, type Presentation, type SentPresentation } from '../carriage/presentation.ts'
import type { EvaluationRequest } from './model.ts'
import { ARGUMENTS_KEY, EVIDENCE_KEY } from './wire.ts'

/**
 * The question that a gateway asks a Delegraph decision point about a call that somebody sent it: with everything that
 * came with the call, so that the chain is judged there. The arguments are in it, and the proof, which counts once.
 */
export function evaluationFor(call: Required<Call>, presentation: Presentation): EvaluationRequest {
  const leaf = decodeUnverified(presentation.chain.at(-1) ?? '')
  const { sub, act } = isFault(leaf) ? membersOf(undefined) : leaf.payload
  const { sub: agent } = membersOf(act)
  return {
    // Read and not believed: what is verified decides.
    subject: { type: 'user', id: typeof sub === 'string' && sub !== '' ? sub : 'unknown' },
    action: { name: call.tool, properties: { [ARGUMENTS_KEY]: call.args } },
    resource: { type: 'service', id: call.audience },
    context: {
      ...(typeof agent === 'string' ? { agent } : {}),
      [EVIDENCE_KEY]: sentAgain(presentation),
    },
  }
}

function sentAgain(presentation: Presentation): Partial<SentPresentation> {
  const { chain, refs, pop, salt, disclosed, approvals } = presentation
  return {
    ...(chain.length === 0 ? {} : { aat_chain: chain }),
    ...(refs.length === 0 ? {} : { aat_refs: refs }),
    ...(pop === undefined ? {} : { aat_pop: pop }),
    ...(salt === undefined ? {} : { action_salt: salt }),
    ...(disclosed === undefined ? {} : { action_disclosed: disclosed }),
    ...(approvals.length === 0 ? {} : { approvals }),
  }
}

import { type Signer, signApproval } from '@delegraph/link'
import { callAttributes, chainAttributes } from '../act/attributes.ts'
import { checkedProposal, type Proposal } from '../act/proposal.ts'
import { checkId, checkSigner } from '../config.ts'
import { createRecorder, type EvidenceOptions, type Stats } from '../evidence/recorder.ts'
import { activeIds } from '../trace/run.ts'
import type { Chain } from './chain.ts'

export interface ApproverConfig extends EvidenceOptions {
  /** URI of the approval service that verifiers trust for this key. */
  readonly iss: string
  readonly kid: string
  readonly key: Signer
  /** Who answers, an opaque id. */
  readonly subject: string
}

export interface Answer {
  /** The chain that the acting agent holds: the answer is for its last link and no other. */
  readonly chain: Chain
  /** False signs a denial; true where absent. */
  readonly approve?: boolean
  /** How long the answer may be used; 300 where absent, 3600 at most. */
  readonly lifetimeSeconds?: number
  /** How the person proved who it is, RFC 8176; `['user']` where absent. */
  readonly amr?: readonly string[]
  readonly acr?: string
  /** NumericDate of that proof. */
  readonly authTime?: number
  /** Ties denial, approval and re-evaluation together. */
  readonly evaluationId?: string
}

/** Somebody who says yes or no to one concrete call. */
export interface Approver extends AsyncDisposable {
  readonly stats: Stats
  /**
   * Signs the answer to a proposal that the person was shown: for one call, one link and one use.
   * Throws `SdkError` `proposal_mismatch` where the proposal's arguments are not those of its hash.
   */
  approve(proposal: Proposal, answer: Answer): string
  flush(milliseconds?: number): Promise<boolean>
  shutdown(milliseconds?: number): Promise<void>
}

/** Makes an approver, which reports its answers to a collector where one is given. */
export function createApprover(config: ApproverConfig): Approver {
  const { iss, kid, key, subject } = config
  checkId(iss, 'iss')
  checkId(kid, 'kid')
  checkId(subject, 'subject')
  checkSigner(key)
  const recorder = createRecorder(config, { 'service.name': iss })
  const shutdown = (milliseconds?: number) => recorder.shutdown(milliseconds)
  return {
    get stats() {
      return recorder.stats
    },
    approve(proposed, answer) {
      const proposal = checkedProposal(proposed)
      const claims = { iss, sub: subject, ...claimsOf(proposal, answer) }
      const { text } = signApproval({ signer: key, kid, claims })
      const { chain } = answer
      const attributes = {
        ...chainAttributes(chain, chain.leaf.act.sub),
        ...callAttributes(proposal, false),
      }
      recorder.approval(text, attributes, activeIds(undefined))
      return text
    },
    flush: (milliseconds) => recorder.flush(milliseconds),
    shutdown,
    [Symbol.asyncDispose]: shutdown,
  }
}

function claimsOf(proposal: Proposal, answer: Answer) {
  const { chain, acr, authTime, evaluationId } = answer
  const iat = Math.floor(Date.now() / 1000)
  return {
    sub_profile: 'user' as const,
    aud: proposal.audience,
    iat,
    exp: iat + (answer.lifetimeSeconds ?? 300),
    txn: chain.task,
    aat_hash: chain.hash,
    aat_tool: proposal.tool,
    action_hash: proposal.hash,
    decision: answer.approve === false ? ('deny' as const) : ('approve' as const),
    amr: answer.amr ?? ['user'],
    rest: proposal.rest,
    ...(proposal.withheld === true
      ? {}
      : { args: proposal.disclosed, arg_names: proposal.argNames }),
    ...(acr === undefined ? {} : { acr }),
    ...(authTime === undefined ? {} : { auth_time: authTime }),
    ...(evaluationId === undefined ? {} : { evaluation_id: evaluationId }),
  }
}

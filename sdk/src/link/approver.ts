import { ATTR, EVENT } from '@delegraph/graph-schema'
import {
  type ArgumentMap,
  type Signer,
  signApproval,
  signingInputHash,
  uuidv7,
} from '@delegraph/link'
import { callAttributes, chainAttributes } from '../act/attributes.ts'
import { checkedProposal, type Proposal } from '../act/proposal.ts'
import { checkId, checkSigner, collectorAudience } from '../config.ts'
import { SdkError } from '../errors.ts'
import { createRecorder, type EvidenceOptions, type Stats } from '../evidence/recorder.ts'
import { activeIds } from '../trace/run.ts'
import { audienceOfTool } from './audience.ts'
import type { Chain } from './chain.ts'
import { approvalRevocation } from './withdraw.ts'

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
  /** Conversation or run that it is for. */
  readonly session?: string
  /** NumericDate of that proof. */
  readonly authTime?: number
  /** Ties denial, approval and re-evaluation together. */
  readonly evaluationId?: string
}

/** A class of calls, and whom it names. */
export interface CallsApproved
  extends Pick<Answer, 'approve' | 'amr' | 'acr' | 'authTime' | 'evaluationId'> {
  /** Tool URI. */
  readonly tool: string
  /** What the arguments must be; any where absent. */
  readonly args?: ArgumentMap
  /** Agent id. */
  readonly subject: string
  /** How often it may be used; once where absent. */
  readonly uses?: number
  /** It names whoever holds a link from the subject that covers the call, too. */
  readonly delegates?: boolean
  /** The denial that the person had seen, a signed decision. */
  readonly after?: string
  readonly task?: string
  readonly session?: string
  /** 3600 where absent; 24 h at most. */
  readonly lifetimeSeconds?: number
}

/** Somebody who says yes or no to one concrete call. */
export interface Approver extends AsyncDisposable {
  readonly stats: Stats
  /**
   * Signs the answer to a proposal that the person was shown: for one call, one link and one use.
   * Throws `SdkError` `proposal_mismatch` where the proposal's arguments are not those of its hash.
   */
  approve(proposal: Proposal, answer: Answer): string
  /**
   * Signs a yes (or no) to a class of calls of one tool by one agent: for whoever asks less often than
   * a call. One call by one link is safer and is what `approve` is for.
   */
  approveClass(calls: CallsApproved): string
  /** Takes an answer back that this approval service gave. Throws `SdkError` `not_issuer`. */
  revoke(approval: string): string
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
    approveClass(calls) {
      const claims = { iss, sub: subject, ...classClaims(calls) }
      const { text } = signApproval({ signer: key, kid, claims })
      const { subject: agent, tool, task } = calls
      const about = { [ATTR.agentId]: agent, [ATTR.tool]: tool }
      const attributes = task === undefined ? about : { ...about, [ATTR.taskId]: task }
      recorder.approval(text, attributes, activeIds(undefined))
      return text
    },
    revoke(approval) {
      const text = approvalRevocation(approval, key, { iss, kid, aud: collectorAudience(config) })
      recorder.event({ name: EVENT.revocation, text, attributes: {} })
      return text
    },
    flush: (milliseconds) => recorder.flush(milliseconds),
    shutdown,
    [Symbol.asyncDispose]: shutdown,
  }
}

function classClaims(calls: CallsApproved) {
  const { tool, subject, task, session, acr, authTime, evaluationId } = calls
  const time = Date.now()
  const iat = Math.floor(time / 1000)
  const after = calls.after === undefined ? undefined : signingInputHash(calls.after)
  if (calls.after !== undefined && after === undefined)
    throw new SdkError('invalid_artefact', 'this is no signed decision')
  return {
    sub_profile: 'user' as const,
    aud: audienceOfTool(tool),
    jti: uuidv7(time),
    iat,
    exp: iat + (calls.lifetimeSeconds ?? 3600),
    aat_tool: tool,
    act: { sub: subject },
    grants: calls.args ?? {},
    decision: calls.approve === false ? ('deny' as const) : ('approve' as const),
    amr: calls.amr ?? ['user'],
    ...(calls.uses === undefined ? {} : { uses: calls.uses }),
    ...(calls.delegates === true ? { delegates: true as const } : {}),
    ...(after === undefined ? {} : { after }),
    ...(task === undefined ? {} : { txn: task }),
    ...(session === undefined ? {} : { session }),
    ...(acr === undefined ? {} : { acr }),
    ...(authTime === undefined ? {} : { auth_time: authTime }),
    ...(evaluationId === undefined ? {} : { evaluation_id: evaluationId }),
  }
}

function claimsOf(proposal: Proposal, answer: Answer) {
  const { chain, acr, session, authTime, evaluationId } = answer
  const time = Date.now()
  const iat = Math.floor(time / 1000)
  return {
    sub_profile: 'user' as const,
    aud: proposal.audience,
    jti: uuidv7(time),
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
    ...(session === undefined ? {} : { session }),
    ...(authTime === undefined ? {} : { auth_time: authTime }),
    ...(evaluationId === undefined ? {} : { evaluation_id: evaluationId }),
  }
}

import { type Outcome, outcomeOf, outcomeText, type Verdict } from '@delegraph/graph-schema'
import { createLinkMemo } from '@delegraph/link'
import { jsonArguments } from '../act/json-arguments.ts'
import type { Call, Proposal } from '../act/proposal.ts'
import type { ServiceKey } from '../act/served-receipt.ts'
import { actionIn } from '../carriage/incoming.ts'
import type { Presentation } from '../carriage/presentation.ts'
import { resolveLinks } from '../carriage/resolve.ts'
import { type Chain, chainOf } from '../link/chain.ts'
import { type ApprovalsJudged, createApprovalDesk } from './approvals.ts'
import { type GuardConfig, type GuardSettings, settingsOf } from './config.ts'
import { judgeDecisionText } from './decision.ts'
import { requestOf } from './decision-request.ts'
import {
  approvalCase,
  type JudgedPath,
  judgeAction,
  judgePath,
  judgePossession,
  readApprovals,
  statusUnasked,
} from './parts.ts'
import { createPolicyDesk } from './policy.ts'
import { type PolicyResult, withPolicy } from './policy-result.ts'
import type { GuardResult, NotChecked } from './result.ts'
import { memoryUseStore, type Use, type UseStore } from './uses.ts'

/** The check at request time, for the owner of a service that agents call. */
export interface Guard {
  readonly audience: string
  readonly mode: 'enforce' | 'observe'
  /** The key that its decisions are signed with, where there is one. */
  readonly decisions: ServiceKey | undefined
  /**
   * Judges one call by what was presented with it, and uses up the proof and the approvals that it
   * rests on, before anything is executed. Never throws on what was sent; a store that fails is an
   * unknown part, and so a refusal.
   */
  check(
    presentation: Presentation,
    call: { readonly tool: string; readonly args?: unknown },
  ): Promise<GuardResult>
}

/** Throws `SdkError` `invalid_config`. */
export function createGuard(config: GuardConfig): Guard {
  const settings = settingsOf(config)
  const { audience, mode, uses = memoryUseStore() } = settings
  const memo = createLinkMemo({ max: MEMO })
  const desk = createApprovalDesk(uses)
  const policy = settings.policy === undefined ? undefined : createPolicyDesk(settings.policy)
  return {
    audience,
    mode,
    decisions: settings.decisions,
    async check(presentation, { tool, args }) {
      const at = Math.floor(settings.clock() / 1000)
      const call = { tool, args: jsonArguments(args), audience }
      const resolved = await resolveLinks(presentation, settings.links, settings.linkBudget)
      const path = judgePath(presentation, resolved, { anchors: settings.anchors, at, memo })
      const chain = chainIn(path)
      if (path.outcome.state === 'ok' && presentation.refs.length === 0)
        settings.links?.remember?.(presentation.chain)
      const action = actionIn(presentation, chain, call)
      const possession = await provedOnce(settings, uses, { presentation, path, call, at })
      const parts: Verdict = {
        chain: path.outcome,
        possession: possession.outcome,
        identity: await identityOf(settings, path, chain, at),
        status: await statusOf(settings, path, chain, at),
        action: judgeAction(path.links, call),
        approval: outcomeOf('approval_missing'),
        decision: outcomeOf('decision_missing'),
        effect: outcomeOf('effect_unknown'),
      }
      const proved =
        BEFORE_DECISION.every((part) => parts[part].state === 'ok') &&
        isIdentified(settings, parts.identity)
      const decided = await decide(settings, proved, chain, action)
      const decidedYes = settings.decide === undefined || decided.outcome.state === 'ok'
      const records = readApprovals(presentation.approvals, settings.approvers)
      const about = approvalCase(path.links, action, call, at)
      const ask = async ({ outcome, counting }: ApprovalsJudged) =>
        path.outcome.state !== 'ok'
          ? undefined
          : policy?.({
              ...{ links: path.links, call, presentation, action, at },
              proved: proved && decidedYes,
              verdict: { ...parts, approval: outcome, decision: decided.outcome },
              // One that is still to be given may be what the policy wants.
              counting: proved && isOnlyMissing(outcome) ? undefined : counting,
            })
      // Asked before anything is used up: what a policy refuses costs nobody an approval.
      const seen = await desk(records, about, false)
      const foreseen = await ask(seen)
      const allowed = proved && decidedYes && lets(settings, foreseen)
      // An observed call is executed whatever is found, so its holder has used its approvals up.
      const executes = allowed || (mode === 'observe' && parts.possession.state === 'ok')
      const approval = await desk(records, about, executes)
      const said = isSame(seen, approval) ? foreseen : await ask(approval)
      const stands = allowed && lets(settings, said)
      const verdict: Verdict = {
        ...parts,
        approval: approval.outcome,
        decision: withPolicy(decided.outcome, said, settings.decide !== undefined),
      }
      return {
        accept: stands && isFine(approval.outcome),
        verdict,
        notChecked: notChecked(settings),
        needsApproval: stands && isOnlyMissing(approval.outcome),
        approvals: approval.counting.map(({ text }) => text),
        ...(chain === undefined || path.outcome.state !== 'ok' ? {} : { chain }),
        ...(action === undefined ? {} : { action }),
        ...(possession.hash === undefined ? {} : { pop: possession.hash }),
        ...(decided.text === undefined ? {} : { decision: decided.text }),
        ...(said === undefined ? {} : { policy: said }),
      }
    },
  }
}

/** Verdicts on links that are kept; strangers can fill it, so it is small. */
const MEMO = 2000

/** What has to hold before a decision point is asked and an approval is touched. */
const BEFORE_DECISION = ['chain', 'possession', 'status', 'action'] as const

/** Whether the policy lets a call go on. What hangs on an approval that is still to be given is not refused yet. */
function lets({ policy }: GuardSettings, said: PolicyResult | undefined): boolean {
  if (policy === undefined || policy.mode === 'observe') return true
  return said !== undefined && said.decision !== 'deny'
}

/** A name that somebody contradicts is refused; one that nobody attests only where that is required. */
function isIdentified({ holderIdentity }: GuardSettings, identity: Outcome): boolean {
  return holderIdentity === 'require_attested'
    ? identity.state === 'ok'
    : identity.state !== 'failed'
}

function isFine(outcome: Outcome): boolean {
  return outcome.state === 'ok' || outcome.state === 'not_applicable'
}

function isOnlyMissing(outcome: Outcome): boolean {
  return 'code' in outcome && outcome.code === 'approval_missing'
}

/** Others may have used up meanwhile what was there when it was looked at. */
function isSame(before: ApprovalsJudged, after: ApprovalsJudged): boolean {
  const textOf = ({ outcome, counting }: ApprovalsJudged) =>
    [outcomeText(outcome), ...counting.map(({ digest }) => digest)].join(' ')
  return textOf(before) === textOf(after)
}

function chainIn({ links }: JudgedPath): Chain | undefined {
  const [root, ...others] = links
  return root === undefined ? undefined : chainOf([root, ...others])
}

/** A proof counts once, and only that of a holder whose chain is in order is worth remembering. */
async function provedOnce(
  settings: GuardSettings,
  uses: UseStore,
  asked: {
    readonly presentation: Presentation
    readonly path: JudgedPath
    readonly call: Required<Call>
    readonly at: number
  },
): Promise<{ readonly outcome: Outcome; readonly hash?: string }> {
  const { presentation, path, call, at } = asked
  const leaf = path.links.at(-1)
  const time = { at, window: settings.popWindow }
  const { outcome, claims, hash } = judgePossession(presentation, leaf, call, time)
  if (outcome.state !== 'ok' || claims === undefined || hash === undefined) return { outcome }
  if (path.outcome.state !== 'ok') return { outcome, hash }
  const until = claims.iat + settings.popWindow
  const use: Use = { id: `pop ${leaf?.holder.jkt} ${claims.jti}`, until, limit: 1 }
  try {
    const again = await uses.consume([use], at)
    return again.length === 0 ? { outcome, hash } : { outcome: outcomeOf('pop_replayed'), hash }
  } catch {
    return { outcome: outcomeOf('use_unknown'), hash }
  }
}

/** Whose key it is; a refusal where the trust asks for more than the word of the delegator. */
async function identityOf(
  { identity, holderIdentity }: GuardSettings,
  path: JudgedPath,
  chain: Chain | undefined,
  at: number,
): Promise<Outcome> {
  const asserted = outcomeOf(
    holderIdentity === 'require_attested' ? 'identity_unattested' : 'identity_asserted',
  )
  if (identity === undefined || chain === undefined || path.outcome.state !== 'ok') return asserted
  try {
    const outcome = await identity(chain, at)
    const unsaid = 'code' in outcome && outcome.code === 'identity_asserted'
    return unsaid ? asserted : outcome
  } catch {
    return asserted
  }
}

async function statusOf(
  { status }: GuardSettings,
  path: JudgedPath,
  chain: Chain | undefined,
  at: number,
): Promise<Outcome> {
  if (status === undefined || chain === undefined) return statusUnasked(path.links)
  try {
    return await status(chain, at)
  } catch {
    return outcomeOf('status_unknown')
  }
}

async function decide(
  settings: GuardSettings,
  proved: boolean,
  chain: Chain | undefined,
  action: Proposal | undefined,
): Promise<{ readonly outcome: Outcome; readonly text?: string }> {
  const missing = { outcome: outcomeOf('decision_missing') }
  if (settings.decide === undefined || !proved) return missing
  if (chain === undefined || action === undefined) return missing
  const request = requestOf({ claims: chain.leaf, hash: chain.hash }, action)
  try {
    const text = await settings.decide(request)
    const outcome = judgeDecisionText(text, settings.pdps, request)
    return text === undefined ? { outcome } : { outcome, text }
  } catch {
    return missing
  }
}

function notChecked(settings: GuardSettings): readonly NotChecked[] {
  const { identity, status, decide: point, policy } = settings
  const isDecided = point !== undefined || (policy !== undefined && policy.mode !== 'observe')
  return [
    ...(identity === undefined ? (['identity'] as const) : []),
    ...(status === undefined ? (['revocation'] as const) : []),
    ...(isDecided ? [] : (['decision'] as const)),
    'effect',
  ]
}

import type { GraphNode, Scalar } from '@delegraph/graph-schema'
import { outcomeText } from '@delegraph/graph-schema'
import {
  type ArgumentMap,
  canonicalize,
  type Json,
  type PolicyEvaluation,
  type Trust,
  verifyDecision,
} from '@delegraph/link'
import { tokenKey } from '../evidence/node.ts'
import type { SignedEvidence } from '../evidence/types.ts'
import type { DecisionRecord } from '../verify/decision.ts'
import { outcomeFrom } from '../verify/path.ts'
import {
  aboutKey,
  given,
  momentOfToken,
  one,
  type Projected,
  reader,
  truncatedOr,
  unread,
} from './artefacts.ts'

/** The node of a signed decision. */
export function projectDecision(item: SignedEvidence, trust: Trust, learnedAt: number): Projected {
  if (item.text === undefined) return unread(item, 'Decision', learnedAt)
  const result = verifyDecision(item.text, trust.pdps)
  const { claims } = result
  const outcome = outcomeText(truncatedOr(item, result.outcome))
  if (claims === undefined) return one('Decision', item, { outcome, text: item.text, learnedAt })
  return one('Decision', item, {
    token: tokenKey(claims.iss, claims.jti),
    issuer: claims.iss,
    link: claims.aat_hash,
    actionHash: claims.action_hash,
    agent: claims.act?.sub,
    about: aboutKey(claims.act?.sub, claims.aat_tool),
    caller: claims.caller,
    tool: claims.aat_tool,
    audience: claims.aat_aud,
    args: claims.args === undefined ? undefined : canonicalize(claims.args),
    grants:
      claims.grants === undefined ? undefined : canonicalize(claims.grants as unknown as Json),
    task: claims.txn,
    session: claims.session,
    verdict: claims.decision ? 'allow' : 'deny',
    kind: claims.intent === undefined ? 'request' : 'intent',
    intent: claims.intent === undefined ? undefined : claims.intent.decision ? 'allow' : 'deny',
    intentMethod: claims.intent?.method,
    purpose: claims.intent?.purpose,
    request: claims.request_hash,
    policy: claims.policy,
    ...evaluationColumns(claims.evaluation),
    at: claims.iat,
    outcome,
    text: item.text,
    learnedAt,
  })
}

function evaluationColumns(
  evaluation: PolicyEvaluation | undefined,
): Record<string, Scalar | undefined> {
  if (evaluation === undefined) return {}
  const { mode, decision, errors, latency_us: latency } = evaluation
  return {
    evaluation: canonicalize(evaluation as unknown as Json),
    policyMode: mode,
    policyAnswer: decision ? 'allow' : 'deny',
    errored: errors !== undefined,
    latency,
  }
}

/** A decision that is in the graph, as it is judged. */
export function decisionOfNode(node: GraphNode, cited: boolean): DecisionRecord {
  const text = reader(node)
  const intent = text('intent')
  const at = Number(node.columns['at'] ?? 0)
  const [args, grants] = [text('args'), text('grants')]
  return {
    hash: node.key,
    issuer: text('issuer') ?? 'unknown',
    outcome: outcomeFrom(text('outcome')),
    verdict: text('verdict') === 'allow' ? 'allow' : 'deny',
    at,
    moment: momentOfToken(at, text('token')),
    cited,
    ...(args === undefined ? {} : { args: JSON.parse(args) as Record<string, Json> }),
    ...(grants === undefined ? {} : { grants: JSON.parse(grants) as ArgumentMap }),
    ...given('link', text('link')),
    ...given('agent', text('agent')),
    ...given('caller', text('caller')),
    ...given('tool', text('tool')),
    ...given('task', text('task')),
    ...given('session', text('session')),
    ...given('actionHash', text('actionHash')),
    ...given('policy', text('policy')),
    ...(intent === undefined ? {} : { intent: intent === 'allow' ? 'allow' : 'deny' }),
  }
}

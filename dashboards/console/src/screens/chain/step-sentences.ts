import { toolName } from '../../shared/short.ts'
import { decidedWord } from '../decisions/decision-words.ts'

type Named = { readonly name: string } | null | undefined

/** Who handed on to whom. */
export function linkSentence({
  delegator,
  delegate,
}: {
  readonly delegator: { readonly name?: string } | null
  readonly delegate: Named
}): string {
  return `${delegator?.name ?? 'unknown'} → ${delegate?.name ?? 'unknown'}`
}

export function approvalSentence({
  approver,
  decision,
  subject,
  tool,
}: {
  readonly approver: Named
  readonly decision: string | null
  readonly subject: Named
  readonly tool: string | null
}): string {
  const did = decision === 'deny' ? 'denied' : 'approved'
  const what = toolName(tool ?? 'a call')
  return `${approver?.name ?? 'somebody'} ${did} ${what} for ${subject?.name ?? 'somebody'}`
}

export function decisionSentence({
  issuer,
  answer,
  tool,
}: {
  readonly issuer: string | null
  readonly answer: 'ALLOW' | 'DENY' | null
  readonly tool: string
}): string {
  return `${hostOf(issuer) ?? 'a decision point'} ${decidedWord(answer)} ${toolName(tool)}`
}

export function actionSentence({
  agent,
  tool,
}: {
  readonly agent: Named
  readonly tool: string
}): string {
  return `${agent?.name ?? 'somebody'} called ${toolName(tool)}`
}

/** Of a URI, as rows name a service. */
function hostOf(issuer: string | null): string | undefined {
  return issuer === null ? undefined : (URL.parse(issuer)?.host ?? issuer)
}

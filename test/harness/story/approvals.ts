import {
  type ApprovalClaims,
  type DecisionClaims,
  type IssuedLink,
  SESSION_REVOKED,
  signApproval,
  signDecision,
  signRevocation,
  textDigest,
} from '@delegraph/link'
import type { ProposedCall } from './calls.ts'
import { StoryEvidence } from './evidence.ts'
import { APPROVALS, COLLECTOR, keyOf, T0 } from './world.ts'

/** What people and decision points of a story say to calls. */
export class StoryApprovals extends StoryEvidence {
  approve(
    link: IssuedLink,
    call: ProposedCall,
    more: {
      decision?: 'approve' | 'deny'
      at?: number
      exp?: number
      by?: string
      acr?: string
    } = {},
  ): string {
    const at = more.at ?? T0 + 20
    const { text } = signApproval({
      signer: keyOf('approvals'),
      kid: 'approvals',
      claims: {
        iss: APPROVALS,
        sub: more.by ?? 'person:alice',
        aud: call.audience,
        jti: this.id(),
        iat: at,
        exp: more.exp ?? at + 300,
        txn: link.claims.txn,
        aat_hash: link.hash,
        aat_tool: call.tool,
        action_hash: call.hash,
        decision: more.decision ?? 'approve',
        amr: ['hwk'],
        ...(more.acr === undefined ? {} : { acr: more.acr }),
        args: call.args,
        rest: call.rest,
      },
    })
    this.add('approval', text)
    return text
  }

  /** A yes to a class of calls of one tool by one agent. */
  approveClass(
    agent: string,
    tool: string,
    more: Partial<ApprovalClaims> & { readonly by?: string } = {},
  ): string {
    const { by = 'person:alice', iat = T0 + 20, ...claims } = more
    const { text } = signApproval({
      signer: keyOf('approvals'),
      kid: 'approvals',
      claims: {
        ...{ iss: APPROVALS, sub: by, aud: '', jti: this.id(), iat, exp: iat + 3600 },
        ...{ aat_tool: tool, act: { sub: agent }, grants: {}, decision: 'approve', amr: ['hwk'] },
        ...claims,
      },
    })
    this.add('approval', text)
    return text
  }

  /** Takes an approval back, as the service that gave it. */
  unapprove(approval: string, at: number, iss = APPROVALS): void {
    const { jti } = JSON.parse(
      Buffer.from(approval.split('.')[1] ?? '', 'base64url').toString('utf8'),
    ) as { jti: string }
    const { text } = signRevocation({
      signer: keyOf(iss === APPROVALS ? 'approvals' : 'set'),
      kid: iss === APPROVALS ? 'approvals' : 'set',
      claims: {
        ...{ iss, aud: COLLECTOR, jti: this.id(), iat: at },
        sub_id: { format: 'jwt_id', iss: APPROVALS, jti },
        events: { [SESSION_REVOKED]: { event_timestamp: at } },
      },
    })
    this.add('revocation', text)
  }

  decide(
    link: IssuedLink,
    call: ProposedCall | undefined,
    allow: boolean,
    more: { intent?: DecisionClaims['intent']; claims?: Partial<DecisionClaims> } = {},
  ): string {
    const { intent, claims } = more
    const { text } = signDecision({
      signer: keyOf('pdp'),
      kid: 'pdp',
      claims: {
        iss: 'https://pdp.example.com',
        aud: COLLECTOR,
        jti: this.id(),
        iat: T0 + 25,
        evaluation_id: this.id(),
        request_hash: textDigest('request'),
        aat_hash: link.hash,
        ...(call === undefined ? {} : { action_hash: call.hash }),
        ...claims,
        decision: allow,
        ...(intent === undefined ? {} : { intent }),
      },
    })
    this.add('decision', text)
    return text
  }

  /** What the enforcement point says of a class of calls of one tool by one agent. */
  rule(agent: string, tool: string, allow: boolean, more: Partial<DecisionClaims> = {}): string {
    const { text } = signDecision({
      signer: keyOf('pdp'),
      kid: 'pdp',
      claims: {
        ...{ iss: 'https://pdp.example.com', aud: COLLECTOR, jti: this.id(), iat: T0 + 25 },
        ...{ evaluation_id: this.id(), request_hash: textDigest('request') },
        ...{ act: { sub: agent }, aat_tool: tool, grants: {}, decision: allow, txn: 'task-1' },
        ...more,
      },
    })
    this.add('decision', text)
    return text
  }
}

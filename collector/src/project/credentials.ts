import { type GraphNode, outcomeText } from '@delegraph/graph-schema'
import { momentOf, type Trust, verifyCredential } from '@delegraph/link'
import { tokenKey } from '../evidence/node.ts'
import type { SignedEvidence } from '../evidence/types.ts'
import type { CredentialRecord } from '../verify/credential.ts'
import { outcomeFrom } from '../verify/path.ts'
import { one, type Projected, truncatedOr, unread } from './artefacts.ts'

/** The node of what a broker signed about a credential, whatever its verdict. */
export function projectCredential(
  item: SignedEvidence,
  trust: Trust,
  learnedAt: number,
): Projected {
  const { text } = item
  if (text === undefined) return unread(item, 'Credential', learnedAt)
  const { claims, outcome } = verifyCredential(text, trust.credentialIssuers)
  const common = { outcome: outcomeText(truncatedOr(item, outcome)), text, learnedAt }
  if (claims === undefined) return one('Credential', item, common)
  return one('Credential', item, {
    ...common,
    token: tokenKey(claims.iss, claims.jti),
    credential: claims.credential,
    event: claims.event,
    issuer: claims.iss,
    issuedTo: JSON.stringify(claims.issued_to ?? []),
    task: claims.txn,
    link: claims.aat_hash,
    tools: claims.tools === undefined ? undefined : JSON.stringify(claims.tools),
    at: claims.iat,
    expiresAt: claims.exp,
  })
}

/** Reads it back as judges need it. */
export function credentialOfNode({ key, columns }: GraphNode): CredentialRecord {
  const { credential, event, issuer, issuedTo, task, tools, expiresAt, outcome, token } = columns
  const at = Number(columns['at'] ?? 0)
  return {
    hash: key,
    outcome: outcomeFrom(typeof outcome === 'string' ? outcome : undefined),
    event: event === 'issued' ? 'issued' : 'revoked',
    credential: String(credential ?? ''),
    issuer: String(issuer ?? ''),
    issuedTo: JSON.parse(String(issuedTo ?? '[]')) as string[],
    at,
    moment: momentOf(at, typeof token === 'string' ? token.split(' ').at(-1) : undefined),
    ...(typeof task === 'string' ? { task } : {}),
    ...(typeof tools === 'string' ? { tools: JSON.parse(tools) as string[] } : {}),
    ...(typeof expiresAt === 'number' ? { expiresAt } : {}),
  }
}

import type { Outcome } from '@delegraph/graph-schema'
import { MAX_IAT_SKEW } from '@delegraph/link'
import { holds } from './holds.ts'
import type { Registry } from './registry.ts'

/** What a broker signed about a credential, with the outcome of its own verification. */
export interface CredentialRecord {
  /** Hash of the signed text. */
  readonly hash: string
  readonly outcome: Outcome
  readonly event: 'issued' | 'revoked'
  /** Hash of the secret. */
  readonly credential: string
  readonly issuer: string
  readonly issuedTo: readonly string[]
  readonly task?: string
  /** Tool URIs; any where absent. */
  readonly tools?: readonly string[]
  /** NumericDate. */
  readonly at: number
  readonly expiresAt?: number
  /** Epoch milliseconds, for the order within one second. */
  readonly moment: number
}

/** The use of a credential: by a call, at a time. */
export interface CredentialUse {
  readonly credential: string | undefined
  readonly task: string | undefined
  readonly tool: string
  /** NumericDate. */
  readonly at: number
  /** Epoch milliseconds. */
  readonly moment: number
}

/** The issues of the credential that was presented, which a configured broker signed. */
export function issuesOf(
  records: readonly CredentialRecord[],
  credential: string | undefined,
): readonly CredentialRecord[] {
  return issued(records, credential).filter(({ outcome }) => outcome.state === 'ok')
}

/** The same by somebody's word; of weight only where nobody signed an issue or registered one. */
export function assertedIssuesOf(
  records: readonly CredentialRecord[],
  credential: string | undefined,
): readonly CredentialRecord[] {
  return issued(records, credential).filter(
    ({ outcome }) => outcome.state === 'unknown' && holds(outcome),
  )
}

function issued(
  records: readonly CredentialRecord[],
  credential: string | undefined,
): readonly CredentialRecord[] {
  return records.filter((record) => record.event === 'issued' && record.credential === credential)
}

/** What is wrong with the use of a credential, whoever used it; only its withdrawal where nobody issued it. */
export function credentialFlags(
  records: readonly CredentialRecord[],
  use: CredentialUse,
  registry: Pick<Registry, 'isAgent'>,
): readonly string[] {
  const signed = issuesOf(records, use.credential)
  const issued = signed.length > 0 ? signed : assertedIssuesOf(records, use.credential)
  const holders = issued.flatMap(({ issuedTo }) => issuedTo)
  // Somebody's word takes back what nobody signed, and an agent's only what was issued to it.
  const isBelieved = ({ outcome, issuer }: CredentialRecord): boolean =>
    outcome.state === 'ok' ||
    (signed.length === 0 &&
      holds(outcome) &&
      (!registry.isAgent(issuer) || holders.includes(issuer)))
  const taken = records.some(
    (record) =>
      record.event === 'revoked' &&
      record.credential === use.credential &&
      isBelieved(record) &&
      record.moment <= use.moment,
  )
  const flags = taken ? ['credential_revoked'] : []
  if (issued.length === 0) return flags
  // One issue that fits is enough: a credential may be renewed.
  if (!issued.some((record) => inTime(record, use.at))) flags.push('credential_expired')
  if (!issued.some(({ task }) => task === undefined || task === use.task))
    flags.push('credential_other_task')
  if (!issued.some(({ tools }) => tools === undefined || tools.includes(use.tool)))
    flags.push('credential_other_tool')
  return flags
}

function inTime(record: CredentialRecord, at: number): boolean {
  return record.at <= at + MAX_IAT_SKEW && (record.expiresAt === undefined || at < record.expiresAt)
}

/** Whether a credential can be used at a time: nobody took it back, and an issue that holds, if there is one, is in time. */
export function inForce(
  records: readonly CredentialRecord[],
  when: Pick<CredentialUse, 'at' | 'moment'> & { readonly credential: string },
  registry: Pick<Registry, 'isAgent'>,
): boolean {
  const flags = credentialFlags(records, { ...when, task: undefined, tool: '' }, registry)
  return !flags.includes('credential_revoked') && !flags.includes('credential_expired')
}

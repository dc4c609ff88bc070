/** Signed delegation links on OpenTelemetry spans, for people who build agents. */

export { credentialHash } from './act/credential-hash.ts'
export { dataHash, type Movement } from './act/data.ts'
export type { IdentitySource } from './act/identity.ts'
export type { OpenAct } from './act/open-act.ts'
export type { ActOptions } from './act/presented.ts'
export type { Call, Proposal } from './act/proposal.ts'
export { createDelegraph, type Delegraph, type DelegraphConfig } from './delegraph.ts'
export { SdkError, type SdkErrorCode } from './errors.ts'
export type { Attributes, AttributeValue, SpanIds } from './evidence/event.ts'
export type { EvidenceOptions, Stats, Warning } from './evidence/recorder.ts'
export { type DescribedToken, describeToken } from './foreign/describe-token.ts'
export { createKey, type Key, publicJwk } from './keys/key.ts'
export { loadKey, saveKey } from './keys/key-file.ts'
export {
  type Answer,
  type Approver,
  type ApproverConfig,
  createApprover,
} from './link/approver.ts'
export type { Chain, Holder } from './link/chain.ts'
export type { NewGrant } from './link/narrow.ts'
export {
  createPrincipal,
  type NewRootGrant,
  type Principal,
  type PrincipalConfig,
} from './link/principal.ts'
export type { EvidenceLogger } from './trace/logger.ts'

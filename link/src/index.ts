/** The signed delegation link, profile `aat-02/strict-1`: encode, sign, narrow, hash, verify. No I/O. */
export {
  type ActionPreimage,
  type Arguments,
  actionHash,
  restHash,
  type SplitArguments,
  splitArguments,
} from './action.ts'
export { type ApprovalClaims, signApproval, verifyApproval } from './artefacts/approval.ts'
export type {
  ArtefactVerdict,
  HolderSigning,
  ServiceSigning,
  SignedArtefact,
  SignedBy,
} from './artefacts/artefact.ts'
export type { CallClass, DisclosedCall } from './artefacts/call-claims.ts'
export { type CompletionClaims, signCompletion, verifyCompletion } from './artefacts/completion.ts'
export {
  type CredentialClaims,
  type CredentialEvent,
  signCredential,
  verifyCredential,
} from './artefacts/credential.ts'
export {
  type DecisionClaims,
  EVALUATION_LIMITS,
  POLICY_ERRORS,
  type PolicyErrorWord,
  type PolicyEvaluation,
  signDecision,
  verifyDecision,
} from './artefacts/decision.ts'
export { type PopClaims, signPop, verifyPop } from './artefacts/pop.ts'
export {
  type ReceiptClaims,
  type ReceiptStatus,
  signReceipt,
  verifyReceipt,
} from './artefacts/receipt.ts'
export { type RegistryClaims, signRegistry, verifyRegistry } from './artefacts/registry.ts'
export {
  type RevocationClaims,
  type RevokedSubject,
  revokedFrom,
  type SessionRevoked,
  signRevocation,
  verifyRevocation,
} from './artefacts/revocation.ts'
export { type BoundedMap, boundedMap } from './bounded-map.ts'
export {
  A2A_EXTENSION,
  ALGS,
  CONTAINER_CLAIM,
  DEFAULTS,
  DETAIL_TYPE,
  LIMITS,
  MAX_IAT_SKEW,
  MAX_POP_WINDOW,
  MCP_META_KEY,
  NS,
  POP_WINDOW,
  PROFILE,
  SESSION_REVOKED,
  THIRD_PARTY_TYP,
  THUMBPRINT_URI_PREFIX,
  type ThirdPartyTyp,
  TYP,
  type Typ,
} from './constants.ts'
export { accepts } from './constraints/accepts.ts'
export { approvalProblems } from './constraints/approvals.ts'
export {
  type NarrowingProblem,
  type NarrowingReason,
  type NarrowingResult,
  narrows,
} from './constraints/narrows.ts'
export { type Coverage, permits, type ToolCall } from './constraints/permits.ts'
export { scopeDiff, type ToolDiff } from './constraints/scope-diff.ts'
export { type ConstraintNarrowing, constraintNarrows } from './constraints/subsumes.ts'
export { type ParsedTools, parseTools } from './constraints/well-formed.ts'
export { ENGINE } from './crypto.ts'
export { type DecodedText, decodeUnverified } from './decode.ts'
export { LinkError, type LinkErrorCode } from './errors.ts'
export { type Fault, isFault } from './fault.ts'
export { DPOP_TYP, type DpopContext, type DpopVerdict, dpopId, verifyDpop } from './foreign/dpop.ts'
export { type ForeignJwt, jwtTyp, openJwt } from './foreign/open-jwt.ts'
export {
  PLAIN_PROFILE,
  type PlainContext,
  type PlainLink,
  type PlainVerdict,
  unjudgedPlain,
  verifyPlainLink,
} from './foreign/plain-aat.ts'
export type { PlainClaims } from './foreign/plain-claims.ts'
export {
  type PlainPresentation,
  verifyPlainChain,
  verifyPlainPresentation,
} from './foreign/plain-presentation.ts'
export { type AccessTokenContext, verifyAccessToken } from './foreign/rfc8693.ts'
export type { ForeignHop, ForeignReading, TokenIssuer } from './foreign/types.ts'
export { momentOf, newSalt, uuidv7 } from './ids.ts'
export {
  type IssuedLink,
  issueLink,
  keptEntries,
  type NewLink,
  type NewRoot,
  narrowLink,
} from './issue.ts'
export { canonicalize } from './json/canonicalize.ts'
export { type JsonObject, parseCanonical } from './json/parse-canonical.ts'
export { type HolderKey, jwkThumbprint, parsePublicJwk, thumbprintUri } from './jwk.ts'
export { signingInputHash, signJws, textDigest } from './jws.ts'
export { approvalsOf, budgetsOf, limitsOf, toolsOf } from './link-claims.ts'
export { nodeSigner, type Signer } from './signer.ts'
export { decodeThirdParty, type ThirdPartyJwt } from './third-party/jwt.ts'
export {
  listsStatusHost,
  type StatusListClaims,
  type StatusListVerdict,
  verifyStatusList,
} from './third-party/status-list.ts'
export {
  verifyWorkloadIdentity,
  type WorkloadIdentityVerdict,
} from './third-party/workload-identity.ts'
export {
  type AttestedIdentity,
  type CompromisedKey,
  type HolderIdentity,
  NO_TRUST,
  type StatusAnswer,
  type Trust,
  withoutCompromised,
} from './trust.ts'
export type {
  ActorClaim,
  Alg,
  Anchor,
  ApprovalRequirement,
  ApprovalRequirements,
  ArgumentMap,
  Budget,
  Budgets,
  Constraint,
  ConstraintType,
  Json,
  LinkClaims,
  LinkContainer,
  LinkLimits,
  PublicJwk,
  PurposeClaim,
  ToolGrants,
  TrustedIssuer,
} from './types.ts'
export {
  type ChainLink,
  isVerified,
  type LinkFlag,
  type LinkVerdict,
  pathOf,
  type SignatureState,
  type VerifiedLink,
} from './verify/chain-link.ts'
export { holds } from './verify/holds.ts'
export {
  type ApprovalCase,
  approvalFits,
  approvalNames,
  countingApprovals,
  type JudgedApproval,
  judgeApprovals,
} from './verify/judge-approvals.ts'
export { judgeAudience } from './verify/judge-audience.ts'
export {
  amountOf,
  type Bound,
  boundsOn,
  type Crossing,
  crossingOf,
  judgeCeilings,
} from './verify/judge-budgets.ts'
export { judgeCall } from './verify/judge-call.ts'
export { judgePop, type PopCase, type PopJudgement } from './verify/judge-pop.ts'
export { judgeTime, type PathJudgement } from './verify/judge-time.ts'
export { createLinkMemo, type LinkMemo } from './verify/memo.ts'
export {
  type ChainContext,
  type ChainStep,
  type ChainVerdict,
  verifyChain,
} from './verify/verify-chain.ts'
export { type LinkContext, unjudged as unjudgedLink, verifyLink } from './verify/verify-link.ts'

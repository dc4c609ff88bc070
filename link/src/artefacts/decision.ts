import { claimReader, HASH, present } from '../claim-reader.ts'
import { TYP } from '../constants.ts'
import { type Fault, fault } from '../fault.ts'
import type { JsonObject } from '../json/parse-canonical.ts'
import type { Json, TrustedIssuer } from '../types.ts'
import {
  type ArtefactKind,
  type ArtefactVerdict,
  type ServiceSigning,
  type SignedArtefact,
  signArtefact,
  verifyArtefact,
} from './artefact.ts'
import {
  actionHashFits,
  type CallClass,
  type DisclosedCall,
  readCallClass,
  readDisclosedCall,
} from './call-claims.ts'

/** What a policy decision point said about one request, or about a class of them (`grants`). */
export interface DecisionClaims extends DisclosedCall, CallClass {
  readonly iss: string
  /** The collector. */
  readonly aud: string
  readonly jti: string
  readonly iat: number
  readonly txn?: string
  readonly evaluation_id: string
  /** SHA-256 of the canonical AuthZEN request. */
  readonly request_hash: string
  /** The leaf link that was presented. */
  readonly aat_hash?: string
  readonly aat_tool?: string
  readonly aat_aud?: string
  /** Agent id of the caller that it was made for. */
  readonly caller?: string
  /** Absent only beside `grants`. */
  readonly action_hash?: string
  /** Whether it is allowed: a fact. */
  readonly decision: boolean
  /** Whether it serves the task: a judgement, which never upgrades a failed `decision`. */
  readonly intent?: {
    readonly decision: boolean
    readonly purpose: string
    readonly method: string
  }
  /** Digest of the policy applied. */
  readonly policy?: string
  readonly obligations?: readonly Json[]
}

/** Signs a decision as a service. Throws `LinkError` for claims that no verifier would take. */
export function signDecision(
  decision: ServiceSigning<DecisionClaims>,
): SignedArtefact<DecisionClaims> {
  return signArtefact(DECISION, decision, decision.claims)
}

/** Verifies a decision under the configured decision points. */
export function verifyDecision(
  text: string,
  points: readonly TrustedIssuer[],
): ArtefactVerdict<DecisionClaims> {
  return verifyArtefact(DECISION, text, points)
}

const DECISION: ArtefactKind<DecisionClaims> = {
  typ: TYP.decision,
  untrusted: 'issuer_untrusted',
  parse: parseDecision,
}

function parseDecision(payload: JsonObject): DecisionClaims | Fault {
  const reader = claimReader(payload)
  const tool = reader.optional('aat_tool', (name) => reader.text(name))
  const claims: DecisionClaims = {
    iss: reader.text('iss'),
    aud: reader.text('aud'),
    jti: reader.text('jti'),
    iat: reader.int('iat'),
    evaluation_id: reader.text('evaluation_id'),
    request_hash: reader.matching('request_hash', HASH),
    decision: reader.flag('decision'),
    ...present({
      txn: reader.optional('txn', (name) => reader.text(name)),
      aat_hash: reader.optional('aat_hash', (name) => reader.matching(name, HASH)),
      action_hash: reader.optional('action_hash', (name) => reader.matching(name, HASH)),
      caller: reader.optional('caller', (name) => reader.text(name)),
      aat_tool: tool,
      aat_aud: reader.optional('aat_aud', (name) => reader.text(name)),
      intent: reader.optional('intent', (name) => {
        const intent = reader.nested(name, ['decision', 'method', 'purpose'])
        return {
          decision: intent.flag('decision'),
          purpose: intent.text('purpose'),
          method: intent.text('method'),
        }
      }),
      policy: reader.optional('policy', (name) => reader.text(name)),
      obligations: reader.optional('obligations', (name) => reader.list(name)),
    }),
    ...readDisclosedCall(reader),
    ...readCallClass(reader, tool),
  }
  if (claims.action_hash === undefined && claims.grants === undefined) reader.fail('action_hash')
  if (reader.fault !== undefined) return reader.fault
  const { aat_aud: aud = '', action_hash } = claims
  if (action_hash === undefined) return claims
  const fits = tool === undefined || actionHashFits({ aud, tool, action_hash, disclosed: claims })
  return fits ? claims : fault('receipt_mismatch', 'action_hash')
}

import { type ClaimReader, claimReader, HASH, present } from '../claim-reader.ts'
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
  /** How that policy was asked, and what it said by itself. */
  readonly evaluation?: PolicyEvaluation
  readonly obligations?: readonly Json[]
}

/**
 * What a policy said of one request. Where it is only observed `decision` beside it may be another; where it is
 * enforced, a no of the policy is a no. Whatever went wrong is a no.
 */
export interface PolicyEvaluation {
  readonly mode: 'observe' | 'enforce'
  readonly decision: boolean
  /** Names of the policies that decided, at most {@link EVALUATION_LIMITS}; none where nothing permits. */
  readonly policies: readonly string[]
  /** Each with its policy, where it was one. */
  readonly errors?: readonly { readonly code: PolicyErrorWord; readonly policy?: string }[]
  /** Microseconds that it took. */
  readonly latency_us: number
  /** Name and version: `cedar/4.13.0`. */
  readonly engine: string
}

/** A policy errored; the request did not fit the schema; the engine had no answer. */
export const POLICY_ERRORS = ['evaluation', 'request', 'engine'] as const
export type PolicyErrorWord = (typeof POLICY_ERRORS)[number]

/** How many policies and errors a record names, and how long their names are, in characters. */
export const EVALUATION_LIMITS = { policies: 16, errors: 16, id: 128 } as const
/** An hour. */
const MAX_LATENCY = 3_600_000_000

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
      evaluation: reader.optional('evaluation', (name) => readEvaluation(reader, name)),
      obligations: reader.optional('obligations', (name) => reader.list(name)),
    }),
    ...readDisclosedCall(reader),
    ...readCallClass(reader, tool),
  }
  if (!agrees(claims)) reader.fail('evaluation')
  if (claims.action_hash === undefined && claims.grants === undefined) reader.fail('action_hash')
  if (reader.fault !== undefined) return reader.fault
  const { aat_aud: aud = '', action_hash } = claims
  if (action_hash === undefined) return claims
  const fits = tool === undefined || actionHashFits({ aud, tool, action_hash, disclosed: claims })
  return fits ? claims : fault('receipt_mismatch', 'action_hash')
}

function readEvaluation(reader: ClaimReader, name: string): PolicyEvaluation {
  const read = reader.nested(name, EVALUATION_MEMBERS)
  const { policies, errors, id } = EVALUATION_LIMITS
  const texts = read.texts('policies', id)
  if (texts.length > policies) read.fail('policies')
  return {
    mode: read.oneOf('mode', ['observe', 'enforce']),
    decision: read.flag('decision'),
    policies: texts,
    latency_us: read.int('latency_us', MAX_LATENCY),
    engine: read.text('engine', id),
    ...present({
      errors: read.optional('errors', () => {
        const found = read.each('errors', ['code', 'policy'])
        if (found.length === 0 || found.length > errors) read.fail('errors')
        return found.map((error) => ({
          code: error.oneOf('code', POLICY_ERRORS),
          ...present({ policy: error.optional('policy', () => error.text('policy', id)) }),
        }))
      }),
    }),
  }
}

const EVALUATION_MEMBERS = [
  'decision',
  'engine',
  'errors',
  'latency_us',
  'mode',
  'policies',
] as const

/** A record that enforced a no and let the call through, or erred and said yes, says two things. */
function agrees({ policy, evaluation, decision }: DecisionClaims): boolean {
  if (evaluation === undefined) return true
  if (policy === undefined) return false
  if (evaluation.decision) return evaluation.errors === undefined
  return evaluation.mode === 'observe' || !decision
}

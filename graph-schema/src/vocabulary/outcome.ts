/**
 * What a verifier may say about one part of the evidence.
 *
 * Names follow draft-asor-wimse-agent-delegation-chain where it has one. A verdict is never one
 * boolean: it has parts, and each part is ok, failed, unknown or not applicable.
 */

/** The parts of a verdict, in the order in which they are judged and shown. */
export const VERDICT_PARTS = [
  'chain',
  'possession',
  'identity',
  'status',
  'action',
  'approval',
  'decision',
  'effect',
] as const
export type VerdictPart = (typeof VERDICT_PARTS)[number]

/**
 * What a code does to its part: `invalid` fails it, `unestablished` and `gap` leave it unknown
 * (a gap is shown as a gap), `flag` leaves it ok and is noted beside it.
 */
export type OutcomeClass = 'invalid' | 'unestablished' | 'gap' | 'flag'

interface OutcomeEntry {
  readonly class: OutcomeClass
  readonly part: VerdictPart
  /** One plain sentence, shown to people. */
  readonly meaning: string
}

/** Every outcome code, with the part it speaks of and what it means. */
export const OUTCOMES = {
  malformed: { class: 'invalid', part: 'chain', meaning: 'the signed text has the wrong shape' },
  non_canonical: {
    class: 'invalid',
    part: 'chain',
    meaning: 'the signed bytes are not their own canonical form',
  },
  duplicate_member: { class: 'invalid', part: 'chain', meaning: 'a member occurs twice' },
  non_finite: { class: 'invalid', part: 'chain', meaning: 'a number is not finite' },
  lone_surrogate: { class: 'invalid', part: 'chain', meaning: 'a string is not valid Unicode' },
  oversized: { class: 'invalid', part: 'chain', meaning: 'the signed text is too large' },
  type_invalid: { class: 'invalid', part: 'chain', meaning: 'the token is of another type' },
  alg_not_allowed: {
    class: 'invalid',
    part: 'chain',
    meaning: 'the signature algorithm is not allowed',
  },
  alg_key_mismatch: {
    class: 'invalid',
    part: 'chain',
    meaning: 'the algorithm is not the one of the key',
  },
  issuer_untrusted: {
    class: 'unestablished',
    part: 'chain',
    meaning: 'no trust anchor is configured for the root issuer',
  },
  issuer_mismatch: {
    class: 'invalid',
    part: 'chain',
    meaning: 'the issuer named is not the signer',
  },
  signature_invalid: {
    class: 'invalid',
    part: 'chain',
    meaning: 'the signature does not verify under the key that the parent names',
  },
  signature_missing: {
    class: 'gap',
    part: 'chain',
    meaning: 'nobody signed it: it is the word of a framework or another system',
  },
  weak_key: { class: 'invalid', part: 'chain', meaning: 'the key is one that anybody can forge' },
  par_hash_mismatch: {
    class: 'invalid',
    part: 'chain',
    meaning: 'the link was issued under another parent',
  },
  depth_invalid: {
    class: 'invalid',
    part: 'chain',
    meaning: 'the depth is wrong, or a depth limit was raised or passed',
  },
  replayed: {
    class: 'invalid',
    part: 'chain',
    meaning: 'a token id occurs more often than it may',
  },
  expired: { class: 'invalid', part: 'chain', meaning: 'it had expired at the time of the action' },
  not_yet_valid: {
    class: 'invalid',
    part: 'chain',
    meaning: 'it was not yet valid at the time of the action',
  },
  lifetime_exceeded: {
    class: 'invalid',
    part: 'chain',
    meaning: 'it lives longer than the anchor allows',
  },
  principal_altered: {
    class: 'invalid',
    part: 'chain',
    meaning: 'the principal changes along the chain',
  },
  task_altered: { class: 'invalid', part: 'chain', meaning: 'the task changes along the chain' },
  delegate_not_permitted: {
    class: 'invalid',
    part: 'chain',
    meaning: 'the parent does not allow this delegate',
  },
  not_narrower: {
    class: 'invalid',
    part: 'chain',
    meaning: 'the grant is not inside the grant of its parent',
  },
  unknown_constraint: {
    class: 'invalid',
    part: 'chain',
    meaning: 'a constraint is of an unknown type or badly formed',
  },
  chain_incomplete: {
    class: 'unestablished',
    part: 'chain',
    meaning: 'a link above this one has not arrived',
  },
  key_unavailable: { class: 'unestablished', part: 'chain', meaning: 'a key could not be had' },
  truncated: {
    class: 'unestablished',
    part: 'chain',
    meaning: 'the signed text was cut or masked on its way',
  },
  signature_withheld: {
    class: 'unestablished',
    part: 'chain',
    meaning: 'its signature was taken out, since a token bound to no key is a secret',
  },
  other_profile: {
    class: 'unestablished',
    part: 'chain',
    meaning: 'it is of another kind than our links: shown, and no authority here',
  },
  holder_binding_failed: {
    class: 'invalid',
    part: 'possession',
    meaning: 'the receipt is not signed by the key that holds the link',
  },
  trace_mismatch: {
    class: 'invalid',
    part: 'possession',
    meaning: 'the receipt names another span',
  },
  jti_conflict: {
    class: 'invalid',
    part: 'possession',
    meaning: 'two different texts carry the same issuer and token id',
  },
  receipt_missing: {
    class: 'gap',
    part: 'possession',
    meaning: 'no receipt of the acting agent arrived',
  },
  late_evidence: {
    class: 'gap',
    part: 'possession',
    meaning: 'the receipt is too far from the span or arrived too late',
  },
  pop_missing: {
    class: 'gap',
    part: 'possession',
    meaning: 'no proof of possession came with the call',
  },
  pop_mismatch: {
    class: 'invalid',
    part: 'possession',
    meaning: 'the proof of possession is for another link, tool, service or call',
  },
  pop_stale: {
    class: 'invalid',
    part: 'possession',
    meaning: 'the proof of possession was not made just now',
  },
  pop_replayed: {
    class: 'invalid',
    part: 'possession',
    meaning: 'the proof of possession had been presented before',
  },
  use_unknown: {
    class: 'unestablished',
    part: 'possession',
    meaning: 'whether it had been used before could not be established',
  },
  revoked: { class: 'invalid', part: 'status', meaning: 'it was revoked before the action' },
  task_completed: {
    class: 'invalid',
    part: 'status',
    meaning: 'the task was over before the action',
  },
  status_unknown: {
    class: 'unestablished',
    part: 'status',
    meaning: 'the status could not be established',
  },
  revoked_after_use: {
    class: 'flag',
    part: 'status',
    meaning: 'it was revoked after the action',
  },
  audience_mismatch: {
    class: 'invalid',
    part: 'action',
    meaning: 'the chain is for another audience',
  },
  receipt_mismatch: {
    class: 'invalid',
    part: 'action',
    meaning: 'the receipt is of another call than the span',
  },
  scope_not_granted: {
    class: 'invalid',
    part: 'action',
    meaning: 'the link in force does not cover the action',
  },
  ceiling_exceeded: {
    class: 'invalid',
    part: 'action',
    meaning: 'the call is above a budget by itself, or its amount cannot be summed',
  },
  budget_exceeded: {
    class: 'invalid',
    part: 'action',
    meaning: 'with the calls before it, the action is above the budget of a link on its path',
  },
  args_withheld: {
    class: 'unestablished',
    part: 'action',
    meaning: 'not enough of the arguments was disclosed to judge',
  },
  approval_missing: {
    class: 'invalid',
    part: 'approval',
    meaning: 'the grant asks for an approval and there is none',
  },
  approval_mismatch: {
    class: 'invalid',
    part: 'approval',
    meaning: 'the approval is for another link or another call',
  },
  approval_expired: {
    class: 'invalid',
    part: 'approval',
    meaning: 'the approval had expired at the time of the action',
  },
  approval_replayed: {
    class: 'invalid',
    part: 'approval',
    meaning: 'the approval had been used before',
  },
  approver_untrusted: {
    class: 'invalid',
    part: 'approval',
    meaning: 'the approver is not one that may approve this',
  },
  decision_missing: { class: 'gap', part: 'decision', meaning: 'no decision record arrived' },
  decision_denied: {
    class: 'invalid',
    part: 'decision',
    meaning: 'the action was executed although it was denied',
  },
  intent_denied: {
    class: 'flag',
    part: 'decision',
    meaning: 'it was allowed, and judged not to serve the task',
  },
  effect_disagrees: {
    class: 'invalid',
    part: 'effect',
    meaning: 'the receipts of the two sides differ',
  },
  effect_unknown: {
    class: 'gap',
    part: 'effect',
    meaning: 'nothing signed says whether the action was executed',
  },
  identity_asserted: {
    class: 'gap',
    part: 'identity',
    meaning: 'the name of the agent is the word of its delegator',
  },
  identity_unattested: {
    class: 'invalid',
    part: 'identity',
    meaning:
      'the trust roots require an attested identity, and nobody but the delegator names the agent',
  },
  credential_expired: {
    class: 'flag',
    part: 'status',
    meaning: 'the credential presented had expired',
  },
  credential_revoked: {
    class: 'flag',
    part: 'status',
    meaning: 'the credential presented had been taken back',
  },
  credential_other_task: {
    class: 'flag',
    part: 'status',
    meaning: 'the credential presented was issued for another task',
  },
  credential_other_tool: {
    class: 'flag',
    part: 'status',
    meaning: 'the credential presented was issued for other tools',
  },
  receipts_agree: {
    class: 'flag',
    part: 'effect',
    meaning: 'the acting agent and the service that was called signed the same',
  },
  acting_side_missing: {
    class: 'flag',
    part: 'effect',
    meaning: 'only the service that was called sent a receipt',
  },
  span_absent: { class: 'flag', part: 'possession', meaning: 'the receipt came without its span' },
  attribute_disagrees: {
    class: 'flag',
    part: 'chain',
    meaning: 'an attribute of the span differs from the signed text',
  },
} as const satisfies Record<string, OutcomeEntry>

export type OutcomeCode = keyof typeof OUTCOMES

/**
 * One part of a verdict. `detail` says where or how (`widened`, `nonmonotonic`, a claim's name);
 * it never holds a token, a key or an argument value.
 */
export type Outcome =
  | { readonly state: 'ok' }
  | { readonly state: 'not_applicable' }
  | { readonly state: 'failed'; readonly code: OutcomeCode; readonly detail?: string }
  | { readonly state: 'unknown'; readonly code: OutcomeCode; readonly detail?: string }

/** A whole verdict: every part has its own outcome. */
export type Verdict = Readonly<Record<VerdictPart, Outcome>>

export const OK: Outcome = { state: 'ok' }
export const NOT_APPLICABLE: Outcome = { state: 'not_applicable' }

/** The outcome that a code stands for: failed for `invalid`, unknown for the rest, ok for a flag. */
export function outcomeOf(code: OutcomeCode, detail?: string): Outcome {
  const kind = OUTCOMES[code].class
  if (kind === 'flag') return OK
  const state = kind === 'invalid' ? 'failed' : 'unknown'
  return detail === undefined ? { state, code } : { state, code, detail }
}

/** `ok`, `not_applicable`, `failed:not_narrower:widened`: one word for logs, columns and dumps. */
export function outcomeText(outcome: Outcome): string {
  if (outcome.state === 'ok' || outcome.state === 'not_applicable') return outcome.state
  const detail = outcome.detail === undefined ? '' : `:${outcome.detail}`
  return `${outcome.state}:${outcome.code}${detail}`
}

/** How much a piece of evidence proves; the first is the strongest. Nothing is guessed upward. */
export const GRADES = ['proven', 'signed', 'asserted', 'observed'] as const
/**
 * `proven`: a receipt signed by the acting agent's key. `signed`: a valid link and no receipt.
 * `asserted`: unsigned attributes. `observed`: a span of an agent nobody instrumented.
 */
export type Grade = (typeof GRADES)[number]

/** The weaker of two grades: a chain shows its weakest. */
export function weakerGrade(a: Grade, b: Grade): Grade {
  return GRADES.indexOf(a) > GRADES.indexOf(b) ? a : b
}

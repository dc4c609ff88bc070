/**
 * What the vectors of draft-niyikiza-oauth-attenuating-agent-tokens-02 say of the mode of the plain
 * draft. Written down here, so that the page is the same where the vectors are not at hand; a test
 * compares it with a run wherever they are.
 */
export const AAT_FROM = 'tenuo-ai/tenuo, 038a44b'

export const AAT_RESULTS = { cases: 115, permitted: 29, denied: 86 } as const

/** Our codes for each step of the draft's section 8. */
export const CODES_OF_STEP: Readonly<Record<string, readonly string[]>> = {
  '2c': ['replayed'],
  '3a': ['type_invalid', 'alg_not_allowed', 'malformed:crit'],
  '3b': ['signature_invalid'],
  '3c': ['depth_invalid', 'malformed:num'],
  '3d': ['depth_invalid'],
  '3e': ['expired'],
  '3f': ['not_yet_valid'],
  '3h': ['lifetime_exceeded'],
  '3k': ['issuer_mismatch'],
  '3l': ['malformed:cnf', 'weak_key:cnf'],
  '3m': ['malformed:authorization_details'],
  '3n/4o': ['unknown_constraint', 'non_canonical:number'],
  '4b': ['signature_invalid'],
  '4c': ['issuer_mismatch'],
  '4d': ['depth_invalid'],
  '4e': ['depth_invalid:terminal'],
  '4g': ['depth_invalid:max_depth'],
  '4h': ['expired:nonmonotonic'],
  '4j': ['expired:nonmonotonic'],
  '4p1': ['not_narrower:widened'],
  '4p2': ['not_narrower:widened'],
  '4p3': ['not_narrower:widened'],
  '4p4': ['not_narrower:widened', 'not_narrower:unproven'],
  '4q': ['par_hash_mismatch'],
  '6b': [
    'scope_not_granted:tool_not_granted',
    'scope_not_granted:argument_missing',
    'scope_not_granted:argument_not_granted',
    'scope_not_granted:argument_outside',
  ],
  '6c': ['audience_mismatch', 'audience_mismatch:absent'],
  '7a': ['type_invalid'],
  '7b': ['holder_binding_failed'],
  '7c': ['holder_binding_failed:link', 'malformed:hta'],
  '7d': ['audience_mismatch:pop'],
  '7e': ['receipt_mismatch'],
  '7f': ['receipt_mismatch'],
  '7g': ['late_evidence'],
  '7h': ['holder_binding_failed:nonce'],
}

/** Refused as it must be, but by another check than the one that the vector names. */
export const AAT_DIFFERENCES: readonly {
  readonly id: string
  readonly step: string
  readonly code: string
  readonly reason: string
}[] = [
  {
    id: 'J.8.7',
    step: '6b',
    code: 'non_canonical:number',
    reason:
      'arguments reach a verifier as parsed JSON, so the lost digits are seen where they are still written: in the proof',
  },
  {
    id: 'J.21.6',
    step: '3k',
    code: 'issuer_untrusted',
    reason:
      'keys are chosen by the issuer named, so a key of another issuer is not even tried: unknown, and not accepted',
  },
]

/** Vectors that their authors call valid and that are refused here on purpose, by id. */
export interface Deviation {
  readonly ids: readonly number[]
  readonly reason: string
}

/** Of `json_web_signature_test.json`. Nothing that is called invalid there is accepted here. */
export const JWS_DEVIATIONS: readonly Deviation[] = [
  {
    ids: [1, 348, 352, 357, 358, 359, 376, 377],
    reason:
      'HS256: a key that verifies could sign as well, so the profile has no symmetric algorithm',
  },
  {
    ids: [372, 373],
    reason: 'HS256, and a question mark inside base64url: one signed statement has one text',
  },
  {
    ids: [33, 259, 260, 261, 262, 263, 264, 265, 266, 267, 268, 269, 270, 271, 345, 349],
    reason: 'RSASSA-PKCS1-v1_5: the profile has Ed25519 and ES256 only, RFC 9864',
  },
  {
    ids: [272, 273, 274, 275, 287, 288, 320, 321, 322, 323, 325, 326, 327, 328, 346, 350],
    reason: 'RSASSA-PSS: the profile has Ed25519 and ES256 only, RFC 9864',
  },
  { ids: [347, 351], reason: 'P-521 under a name, ES521, that no registry has' },
]

/**
 * The second level: every JSON Web Signature as if it were a link. `valid` lists those that their
 * authors call valid; `count` is how many of all 401 are refused with this code.
 */
export interface StrictRefusal {
  readonly code: string
  readonly count: number
  readonly valid: readonly number[]
  readonly reason: string
}

export const STRICT_REFUSALS: readonly StrictRefusal[] = [
  {
    code: 'malformed:alphabet',
    count: 12,
    valid: [372, 373],
    reason: 'a character outside base64url: one signed statement has one text',
  },
  {
    code: 'malformed:json',
    count: 6,
    valid: [],
    reason: 'the header is no JSON',
  },
  {
    code: 'malformed:noncanonical_b64',
    count: 2,
    valid: [],
    reason: 'unused bits are set: one signed statement has one text',
  },
  {
    code: 'malformed:parts',
    count: 18,
    valid: [],
    reason: 'not three parts; JSON serialisation is no compact JWS',
  },
  {
    code: 'non_canonical',
    count: 8,
    valid: [357, 358, 359, 376, 377],
    reason: 'a header in another member order, or with whitespace or a member twice',
  },
  {
    code: 'type_invalid',
    count: 355,
    valid: [
      1, 18, 33, 259, 260, 261, 262, 263, 264, 265, 266, 267, 268, 269, 270, 271, 272, 273, 274,
      275, 287, 288, 320, 321, 322, 323, 325, 326, 327, 328, 345, 346, 347, 348, 349, 350, 351, 352,
      378,
    ],
    reason: 'no typ of the profile: a token of another kind is never taken for a link, RFC 8725',
  },
]

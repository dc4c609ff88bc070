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

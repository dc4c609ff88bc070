import { z } from 'zod'
import { loginSettings } from './login/login-config.ts'
import { ROLES } from './viewer.ts'

const text = z.string().min(1)
const roles = z.array(z.enum(ROLES)).min(1)

const token = z
  .strictObject({
    /** Who it is, in the audit and in triage. */
    name: text.max(256),
    roles,
    tenant: text.default('default'),
    /** SHA-256 of the token, hexadecimal; or where the token itself is. */
    sha256: z
      .string()
      .regex(/^[0-9a-f]{64}$/, 'takes 64 hexadecimal digits, lower case')
      .optional(),
    env: text.optional(),
    file: text.optional(),
  })
  .refine(
    ({ sha256, env, file }) =>
      [sha256, env, file].filter((given) => given !== undefined).length === 1,
    { path: ['sha256'], error: 'give one of sha256, env and file' },
  )

/** Asymmetric ones alone: with a shared secret whoever checks a token could make one. */
export const ALGORITHMS = [
  'RS256',
  'RS384',
  'RS512',
  'PS256',
  'PS384',
  'PS512',
  'ES256',
  'ES384',
  'EdDSA',
  'Ed25519',
] as const

const oidc = z.strictObject({
  /** `iss` of the tokens; its metadata say where the keys are (OpenID Connect Discovery 1.0). */
  issuer: z.url().startsWith('https://'),
  /** `aud` that a token must name. */
  audience: text,
  algorithms: z.array(z.enum(ALGORITHMS)).min(1).default(['RS256', 'ES256']),
  /** Claim that holds the roles: a text of words, or a list. */
  rolesClaim: text.default('roles'),
  /** What the words of that claim mean here; a word that is not here means nothing. */
  roles: z.record(text, roles),
  /** Claim that says who it is. */
  nameClaim: text.default('sub'),
  /** Claim that says of which tenant; without it everybody is of the tenant `default`. */
  tenantClaim: text.optional(),
  /** Hosts beside the issuer's from which its keys may be had. */
  hosts: z.array(text).default([]),
  /** Addresses, one by one, that may be connected to although they are not public. */
  allowAddresses: z.array(z.union([z.ipv4(), z.ipv6()])).default([]),
  /** PEM of the authorities to believe there. */
  caFile: text.optional(),
  login: loginSettings
    .optional()
    .describe('People sign in to the console there, by redirect; needs `api.publicUrl`'),
})

/** Who may ask. Without it nobody is asked, and nothing but loopback is listened on. */
export const authSettings = z
  .strictObject({
    tokens: z.array(token).max(1_000).default([]),
    oidc: oidc.optional(),
    /** JSON file of documents by `sha256:` and their digest: all that a VIEWER may send. */
    trustedDocuments: text.optional(),
    audit: z
      .strictObject({
        /** `audit.ndjson` in the data folder where absent. */
        file: text.optional(),
        /** Bytes before it is put aside as `.1`, which it replaces. */
        maxBytes: z
          .int()
          .min(4_096)
          .default(64 * 1024 * 1024),
      })
      .prefault({}),
  })
  .refine(({ tokens, oidc }) => tokens.length > 0 || oidc !== undefined, {
    path: ['tokens'],
    error: 'give tokens or oidc: otherwise nobody could ask',
  })
  .refine(({ tokens }) => new Set(tokens.map(({ name }) => name)).size === tokens.length, {
    path: ['tokens'],
    error: 'two tokens have one name',
  })

export type AuthSettings = z.infer<typeof authSettings>
export type TokenSettings = AuthSettings['tokens'][number]
export type OidcSettings = NonNullable<AuthSettings['oidc']>

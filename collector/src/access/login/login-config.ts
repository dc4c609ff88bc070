import { z } from 'zod'

const text = z.string().min(1)
const DAY = 86_400

/** How people sign in with a browser. Without it they bring a bearer token. */
export const loginSettings = z
  .strictObject({
    clientId: text.meta({ description: 'Of the collector, as the provider has registered it' }),
    clientSecretFile: text.optional().meta({
      description:
        'File with its secret; without one, and without `clientSecretEnv`, it is a public client',
    }),
    clientSecretEnv: text.optional().meta({ description: 'Variable with its secret' }),
    clientAuthentication: z
      .enum(['client_secret_basic', 'client_secret_post'])
      .default('client_secret_basic')
      .meta({ description: 'How the secret is shown to the provider' }),
    scopes: z
      .array(text.regex(/^[\x21\x23-\x5b\x5d-\x7e]+$/, 'takes one word'))
      .default(['openid'])
      .refine((scopes) => scopes.includes('openid'), 'must have openid')
      .meta({ description: 'What the provider is asked for; the roles may need another one' }),
    userinfo: z.boolean().default(false).meta({
      description: 'Ask its userinfo endpoint as well, where the ID token has not all claims',
    }),
    endSession: z.boolean().default(true).meta({
      description: 'Sign out at the provider too, where it says how',
    }),
    idle: z.int().min(60).max(DAY).default(1_800).meta({
      description: 'Seconds without a request after which somebody has to sign in again',
    }),
    longest: z
      .int()
      .min(60)
      .max(30 * DAY)
      .default(28_800)
      .meta({
        description: 'Seconds after which everybody has to, however busy',
      }),
    maxSessions: z.int().min(1).max(100_000).default(1_000).meta({
      description: 'People signed in at once; one more signs out whoever was away for longest',
    }),
  })
  .refine(
    ({ clientSecretFile, clientSecretEnv }) =>
      clientSecretFile === undefined || clientSecretEnv === undefined,
    { path: ['clientSecretFile'], error: 'give one of clientSecretFile and clientSecretEnv' },
  )
  .refine(({ idle, longest }) => idle <= longest, {
    path: ['idle'],
    error: 'must not be more than longest',
  })

export type LoginSettings = z.infer<typeof loginSettings>

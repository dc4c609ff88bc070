import { createHash } from 'node:crypto'
import { CollectorError } from '../errors.ts'
import type { TokenSettings } from './access-config.ts'
import type { Viewer } from './viewer.ts'

/** Fewer could be guessed. */
const SHORTEST = 32

export interface Secrets {
  readonly env: Readonly<Record<string, string | undefined>>
  /** The first line of a secret file. @throws CollectorError `file_unreadable` */
  readonly readSecret: (path: string) => string
}

/**
 * Who each static token is. Only digests are kept, and what is presented is hashed before it is looked
 * up, so neither memory nor time tells of a token.
 *
 * @throws CollectorError `config_invalid`, `file_unreadable`, naming the entry and never the token
 */
export function staticTokens(
  settings: readonly TokenSettings[],
  secrets: Secrets,
): (token: string) => Viewer | undefined {
  const known = new Map<string, Viewer>()
  for (const entry of settings) {
    const digest = entry.sha256 ?? digestOf(secretOf(entry, secrets))
    if (known.has(digest)) {
      throw new CollectorError('config_invalid', `auth.tokens: ${entry.name} has another's token`)
    }
    known.set(digest, { name: entry.name, roles: entry.roles, tenant: entry.tenant })
  }
  return (token) => known.get(digestOf(token))
}

function secretOf({ name, env, file }: TokenSettings, secrets: Secrets): string {
  const secret = env === undefined ? secrets.readSecret(file ?? '') : secrets.env[env]
  if (secret === undefined || secret === '') {
    throw new CollectorError('config_invalid', `auth.tokens: ${env ?? file} of ${name} is empty`)
  }
  if (secret.length < SHORTEST) {
    throw new CollectorError(
      'config_invalid',
      `auth.tokens: the token of ${name} is shorter than ${SHORTEST} characters`,
    )
  }
  return secret
}

function digestOf(token: string): string {
  return createHash('sha256').update(token).digest('hex')
}

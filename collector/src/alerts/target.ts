import { isIP } from 'node:net'
import { CollectorError } from '../errors.ts'

/**
 * Where a channel may send to: https, or http on loopback, with no user name in it. `what` names the
 * setting; the address is not repeated, since it may be a secret.
 *
 * @throws CollectorError `config_invalid`
 */
export function targetOf(text: string, what: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined
  const usable =
    url !== undefined &&
    url.username === '' &&
    url.password === '' &&
    (url.protocol === 'https:' || (url.protocol === 'http:' && isLoopback(url.hostname)))
  if (usable) return url
  throw new CollectorError(
    'config_invalid',
    `${what}: an alert goes to an https address, or to http on loopback, without a user name in it`,
  )
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '[::1]' || (isIP(host) === 4 && host.startsWith('127.'))
}

import { createPrivateKey, type JsonWebKey, type KeyObject, sign } from 'node:crypto'
import { Webhook } from 'standardwebhooks'
import { CollectorError } from '../../errors.ts'
import type { AlertMessage, Delivery } from '../channel.ts'
import { suppressedEvent } from '../cloud-event.ts'
import { post } from '../post.ts'
import { targetOf } from '../target.ts'

export interface WebhookSettings {
  /** https, or http on loopback. */
  readonly url: string
  /** `whsec_` and base64 of 24 to 64 bytes: signed `v1` where given. */
  readonly secret?: string
  /** Private Ed25519 JWK as JSON text: signed `v1a` where given, for whom a public key is enough. */
  readonly key?: string
  /** Milliseconds for one attempt, 10,000 where absent. */
  readonly timeout?: number
}

/**
 * Posts a CloudEvent, signed by Standard Webhooks: `v1`, HMAC-SHA256, or `v1a`, Ed25519, over id,
 * timestamp and body; with both, the receiver checks whichever it can.
 *
 * @throws CollectorError `config_invalid` for an address, a secret or a key that cannot be used
 */
export function webhook(settings: WebhookSettings): Delivery {
  const url = targetOf(settings.url, 'url')
  const signers = signersOf(settings)
  return {
    deliver(message, signal) {
      const { id, at } = message
      const body = bodyOf(message)
      const seconds = Math.floor(at / 1000)
      const signatures = signers.map((signer) => signer(id, seconds, body))
      const headers = {
        'content-type': 'application/cloudevents+json; charset=utf-8',
        'webhook-id': id,
        'webhook-timestamp': String(seconds),
        'webhook-signature': signatures.join(' '),
      }
      const timeout = settings.timeout === undefined ? {} : { timeout: settings.timeout }
      return post({ url, headers, body, at, ...timeout }, signal)
    },
  }
}

function bodyOf(message: AlertMessage): string {
  return JSON.stringify(message.kind === 'finding' ? message.event : suppressedEvent(message))
}

type Signer = (id: string, seconds: number, body: string) => string

function signersOf({ secret, key }: WebhookSettings): Signer[] {
  const shared = secret === undefined ? [] : [signerOf(secret)]
  return key === undefined ? shared : [...shared, keySignerOf(key)]
}

const PREFIX = 'whsec_'

function signerOf(secret: string): Signer {
  const encoded = secret.startsWith(PREFIX) ? secret.slice(PREFIX.length) : secret
  const length = Buffer.from(encoded, 'base64').length
  if (!/^[A-Za-z0-9+/]+={0,2}$/.test(encoded) || length < 24 || length > 64) {
    // It says what is expected and never what was given.
    throw new CollectorError(
      'config_invalid',
      'a webhook secret is whsec_ and the base64 of 24 to 64 random bytes',
    )
  }
  const webhook = new Webhook(secret)
  return (id, seconds, body) => webhook.sign(id, new Date(seconds * 1000), body)
}

/** Source: Standard Webhooks, asymmetric signatures: `v1a,` and base64 of the Ed25519 signature. */
function keySignerOf(jwk: string): Signer {
  const key = ed25519(jwk)
  return (id, seconds, body) =>
    `v1a,${sign(null, Buffer.from(`${id}.${seconds}.${body}`), key).toString('base64')}`
}

function ed25519(jwk: string): KeyObject {
  try {
    const key = createPrivateKey({ key: JSON.parse(jwk) as JsonWebKey, format: 'jwk' })
    if (key.asymmetricKeyType === 'ed25519') return key
  } catch {
    // Said below, without what was given.
  }
  throw new CollectorError(
    'config_invalid',
    'a webhook key is a private Ed25519 key as JWK; "delegraph keygen" makes one',
  )
}

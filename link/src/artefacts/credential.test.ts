import { describe, expect, test } from 'vitest'
import { LinkError } from '../errors.ts'
import { party } from '../testing/party.ts'
import { type CredentialClaims, signCredential, verifyCredential } from './credential.ts'

const ISS = 'https://broker.example.com'
const broker = party('ES256')
const brokers = [{ iss: ISS, kid: 'b1', jwk: broker.jwk }]
const issued: Omit<CredentialClaims, 'jti'> = {
  iss: ISS,
  aud: 'https://collector.example.com',
  iat: 1795400200,
  event: 'issued',
  credential: 'LXEWQrcmsEQBYnyp-6wy9chTD7GQPMTbAiWHF5IaSIE',
  issued_to: ['spiffe://example.org/agent/poster'],
  txn: '019a8c3e-7b00-7abc-8def-000000000001',
  exp: 1795401100,
}
const sign = (claims: Omit<CredentialClaims, 'jti'>) =>
  signCredential({ signer: broker, kid: 'b1', claims })

describe('what a broker says of a credential', () => {
  test('that it was issued for a task, to whom, and until when', () => {
    const verdict = verifyCredential(sign(issued).text, brokers)
    expect(verdict.outcome).toEqual({ state: 'ok' })
    expect(verdict.claims).toMatchObject(issued)
  })

  test('that it was taken back needs neither a holder nor an end', () => {
    const { iss, aud, iat, credential } = issued
    const text = sign({ iss, aud, iat, credential, event: 'revoked' }).text
    expect(verifyCredential(text, brokers).outcome).toEqual({ state: 'ok' })
  })

  test('is believed from a configured broker only', () => {
    const { text } = sign(issued)
    expect(verifyCredential(text, []).outcome).toMatchObject({ code: 'issuer_untrusted' })
    const others = [{ iss: 'https://other.example.com', kid: 'b1', jwk: broker.jwk }]
    expect(verifyCredential(text, others).outcome).toMatchObject({ code: 'issuer_mismatch' })
  })

  test('under a key that had been rotated out by then is not believed', () => {
    const [key] = brokers
    if (key === undefined) throw new Error('no broker')
    const { text } = sign(issued)
    const until = (valid_until: number) => verifyCredential(text, [{ ...key, valid_until }]).outcome
    expect(until(issued.iat)).toMatchObject({ code: 'issuer_untrusted', detail: 'key_out_of_time' })
    expect(until(issued.iat + 1)).toEqual({ state: 'ok' })
  })

  test.each([
    ['to nobody', { issued_to: [] }],
    ['without an end', { exp: undefined }],
    ['ended before it began', { exp: issued.iat }],
    ['with the secret in place of its hash', { credential: 'hunter2' }],
  ])('is not signed when issued %s', (_, change) => {
    const claims = JSON.parse(JSON.stringify({ ...issued, ...change }))
    expect(() => sign(claims)).toThrow(LinkError)
  })
})

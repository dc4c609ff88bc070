import { jwkThumbprint, signRegistry, verifyRegistry } from '@delegraph/link'
import { describe, expect, it } from 'vitest'
import { keyOf, T0 } from '../../../test/harness/story.ts'
import { givenTrust } from './compose.ts'
import { parseTrustFile } from './file.ts'
import { parseTrustText, trustText } from './text.ts'

const parseTrust = (json: unknown, where: string) => givenTrust(parseTrustFile(json, where))
const owner = keyOf('owner')
const root = keyOf('root')
const FILE = {
  version: '1',
  anchors: [{ iss: 'https://auth.example.com', kid: 'root', jwk: root.jwk }],
  owners: [{ iss: 'https://owners.example.com', kid: 'owner', jwk: owner.jwk }],
}
const compromised = (jwk: typeof owner.jwk, since: number) => ({
  ...FILE,
  compromised: [{ jkt: jwkThumbprint(jwk), since }],
})

describe('a trust file that calls a key compromised', () => {
  it('retires it at that time, whatever it is trusted for', () => {
    const trust = parseTrust(compromised(root.jwk, T0), 'trust.json')
    expect(trust.anchors[0]).toMatchObject({ kid: 'root', valid_until: T0 })
    expect(trust.owners[0]).not.toHaveProperty('valid_until')
  })

  it('does not let an owner sign a registry with it', () => {
    const { text } = signRegistry({
      signer: owner,
      kid: 'owner',
      claims: { iss: 'https://owners.example.com', iat: T0, version: '1', entries: [] },
    })
    const outcomeAt = (since: number) =>
      verifyRegistry(text, parseTrust(compromised(owner.jwk, since), 'trust.json').owners).outcome
    expect(outcomeAt(T0)).toMatchObject({ code: 'issuer_untrusted', detail: 'key_out_of_time' })
    expect(outcomeAt(T0 + 1)).toEqual({ state: 'ok' })
  })

  it('says the same when it is read back from the journal', () => {
    const trust = parseTrust(compromised(root.jwk, T0), 'trust.json')
    expect(parseTrustText(trustText(trust))).toEqual(trust)
  })
})

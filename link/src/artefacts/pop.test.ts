import { describe, expect, test } from 'vitest'
import { LinkError } from '../errors.ts'
import { party } from '../testing/party.ts'
import { signPop, verifyPop } from './pop.ts'
import { verifyReceipt } from './receipt.ts'

const holder = party()
const claims = {
  aat_id: '019a8c3e-7b10-7000-8000-000000000002',
  aat_hash: 'LXEWQrcmsEQBYnyp-6wy9chTD7GQPMTbAiWHF5IaSIE',
  aat_tool: 'https://erp.example.com/mcp#post_adjustment',
  aat_aud: 'https://erp.example.com/mcp',
  hta: { amount: 312.5, currency: 'USD' },
  iat: 1795400260,
}

describe('a proof of possession', () => {
  test('verifies under the key of the holder, and says which call it is for', () => {
    const pop = signPop({ signer: holder, claims })
    const verdict = verifyPop(pop.text, holder.jwk)
    expect(verdict.outcome).toEqual({ state: 'ok' })
    expect(verdict.claims).toMatchObject(claims)
    expect(verdict.claims).not.toHaveProperty('iss')
  })

  test('by another key is no proof', () => {
    const pop = signPop({ signer: party(), claims })
    expect(verifyPop(pop.text, holder.jwk).outcome).toMatchObject({ code: 'holder_binding_failed' })
  })

  test('is not taken for a receipt', () => {
    const pop = signPop({ signer: holder, claims })
    expect(verifyReceipt(pop.text, holder.jwk).outcome).toMatchObject({ code: 'type_invalid' })
  })

  test('may carry the nonce that was asked for, and a call in its own process', () => {
    const pop = signPop({ signer: holder, claims: { ...claims, nonce: 'n-1', aat_aud: '' } })
    expect(verifyPop(pop.text, holder.jwk).claims).toMatchObject({ nonce: 'n-1', aat_aud: '' })
  })

  test('without arguments or with a list of them is not signed', () => {
    const without = JSON.parse(JSON.stringify({ ...claims, hta: [1] }))
    expect(() => signPop({ signer: holder, claims: without })).toThrow(LinkError)
  })
})

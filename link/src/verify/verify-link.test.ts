import { describe, expect, test } from 'vitest'
import { issueLink, narrowLink } from '../issue.ts'
import { anchorOf, IAT, linkBy, party, rootBy } from '../testing/party.ts'
import { pathOf } from './chain-link.ts'
import { judgeAudience } from './judge-audience.ts'
import { judgeTime } from './judge-time.ts'
import { createLinkMemo } from './memo.ts'
import { verifyChain } from './verify-chain.ts'
import { verifyLink } from './verify-link.ts'

const auth = party()
const planner = party()
const worker = party()
const anchors = [anchorOf(auth)]
const root = issueLink(rootBy(auth, planner))
const child = narrowLink(root, linkBy(planner, worker))

describe('one link against its parent', () => {
  test('is judged once, and time and audience afterwards', () => {
    const above = verifyLink(root.text, undefined, { anchors }).link
    const verdict = verifyLink(child.text, above, { anchors })
    expect(verdict).toMatchObject({ outcome: { state: 'ok' }, signature: 'valid' })
    const path = verdict.link === undefined ? [] : pathOf(verdict.link)
    expect(path.map((link) => link.hash)).toEqual([root.hash, child.hash])
    expect(judgeTime(path, IAT + 20).outcome.state).toBe('ok')
    expect(judgeTime(path, IAT + 1000)).toMatchObject({ outcome: { code: 'expired' }, index: 1 })
    expect(judgeTime(path, IAT - 100)).toMatchObject({
      outcome: { code: 'not_yet_valid' },
      index: 0,
    })
    expect(judgeTime(path, Number.NaN)).toMatchObject({ outcome: { code: 'expired' }, index: 0 })
    expect(judgeAudience(path, 'https://x.example')).toMatchObject({ index: 1 })
  })

  test('of a refused link the claims are shown and not believed', () => {
    const forged = narrowLink(root, linkBy(planner, worker)).text.replace(/.{8}$/, 'AAAAAAAA')
    const above = verifyLink(root.text, undefined, { anchors }).link
    const verdict = verifyLink(forged, above, { anchors })
    expect(verdict).toMatchObject({ outcome: { code: 'signature_invalid' }, signature: 'invalid' })
    expect(verdict.claims?.act.sub).toBe('agent:worker')
    expect(verdict.link).toBeUndefined()
  })

  test('below a widened link each step is judged on its own, and the path is not sound', () => {
    const wider = issueLink(rootBy(auth, planner, { tools: {} }))
    const forged = { hash: wider.hash, claims: { ...wider.claims, ...rootTools() } }
    const widened = narrowLink(forged, linkBy(planner, worker))
    const last = narrowLink(widened, linkBy(worker, party()))
    const verdict = verifyChain([wider.text, widened.text, last.text], { anchors, at: IAT + 20 })
    expect(verdict.failedAt).toBe(1)
    expect(verdict.outcome).toMatchObject({ code: 'not_narrower', detail: 'widened' })
    expect(verdict.links.map((link) => [link.outcome.state, link.signature])).toEqual([
      ['ok', 'valid'],
      ['failed', 'valid'],
      ['ok', 'valid'],
    ])
    expect(verdict.links.map((link) => link.link?.sound)).toEqual([true, false, false])
    expect(verdict.leaf).toBeUndefined()
  })
})

describe('the memo', () => {
  test('gives the same verdict again, and holds no more than it may', () => {
    const memo = createLinkMemo({ max: 2 })
    const context = { anchors, memo }
    const above = verifyLink(root.text, undefined, context).link
    expect(verifyLink(root.text, undefined, context).link).toBe(above)
    for (let index = 0; index < 5; index++)
      verifyLink(narrowLink(root, linkBy(planner, worker)).text, above, context)
    expect(memo.size).toBe(2)
  })

  test('a known link with a broken signature neither passes nor spoils the true one', () => {
    const broken = child.text.replace(/.{8}$/, 'AAAAAAAA')
    for (const order of [
      [child.text, broken],
      [broken, child.text],
    ]) {
      const context = { anchors, memo: createLinkMemo({ max: 10 }) }
      const above = verifyLink(root.text, undefined, context).link
      const states = order.map((text) => verifyLink(text, above, context).outcome.state)
      expect(states).toEqual(order.map((text) => (text === broken ? 'failed' : 'ok')))
    }
  })

  test('a verdict under one parent is not reused under another', () => {
    const context = { anchors, memo: createLinkMemo({ max: 10 }) }
    const other = issueLink(rootBy(auth, planner))
    const states = [root, other].map((parent) => {
      const above = verifyLink(parent.text, undefined, context).link
      return verifyLink(child.text, above, context).outcome
    })
    expect(states).toMatchObject([{ state: 'ok' }, { code: 'par_hash_mismatch' }])
  })

  test('a verdict under some anchors is not reused under others', () => {
    const memo = createLinkMemo({ max: 10 })
    expect(verifyLink(root.text, undefined, { anchors, memo }).outcome.state).toBe('ok')
    const none = verifyLink(root.text, undefined, { anchors: [], memo })
    expect(none.outcome).toMatchObject({ state: 'unknown', code: 'issuer_untrusted' })
    const policy = [{ ...anchorOf(auth), max_lifetime: 60 }]
    const capped = verifyLink(root.text, undefined, { anchors: policy, memo })
    expect(capped.outcome).toMatchObject({ code: 'lifetime_exceeded' })
  })
})

describe('a chain', () => {
  test('names the steps that nobody has taken yet', () => {
    const verdict = verifyChain([root.text], { anchors, at: IAT })
    expect(verdict.notPerformed).toContain('audience')
    const told = verifyChain([root.text], { anchors, at: IAT, audience: '' })
    expect(told.notPerformed).toEqual(['status', 'revocation', 'task', 'possession', 'action'])
  })

  test('without links is malformed', () => {
    const verdict = verifyChain([], { anchors, at: IAT })
    expect(verdict.outcome).toMatchObject({ code: 'malformed', detail: 'empty' })
  })

  test('behind a link with a broken signature nothing is believed', () => {
    const broken = child.text.replace(/.{8}$/, 'AAAAAAAA')
    const last = narrowLink(child, linkBy(worker, party()))
    const verdict = verifyChain([root.text, broken, last.text], { anchors, at: IAT + 20 })
    expect(verdict.links.map((link) => outcomeCode(link.outcome))).toEqual([
      'ok',
      'signature_invalid',
      'chain_incomplete',
    ])
  })

  test('larger than 64 KiB in all is refused', () => {
    const text = `${root.text}${'A'.repeat(8000 - root.text.length)}`
    const verdict = verifyChain(
      Array.from({ length: 9 }, () => text),
      { anchors, at: IAT },
    )
    expect(verdict.outcome).toMatchObject({ code: 'oversized', detail: 'chain' })
  })

  test('an anchor that cannot be read is our trouble and not the fault of the link', () => {
    const unreadable = { ...anchorOf(auth), jwk: { ...auth.jwk, x: 'short' } }
    const verdict = verifyChain([root.text], { anchors: [unreadable], at: IAT })
    expect(verdict.outcome).toMatchObject({ state: 'unknown', code: 'key_unavailable' })
  })
})

test('the digest covers the signature and the hash does not', () => {
  const verdict = verifyLink(root.text, undefined, { anchors })
  expect(verdict.hash).toBe(root.hash)
  expect(verdict.link?.anchor).toMatchObject({ iss: 'https://auth.example.com', kid: 'root' })
})

function rootTools() {
  return { authorization_details: root.claims.authorization_details }
}

function outcomeCode(outcome: { readonly state: string; readonly code?: string }): string {
  return outcome.code ?? outcome.state
}

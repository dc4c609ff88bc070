import { expect, test } from 'vitest'
import { FLOW_SECONDS, flowSeal } from './flow-seal.ts'

const FLOW = { state: 'the-state', nonce: 'the-nonce', verifier: 'the-verifier', to: '/findings' }

test('a sign-in comes back to the browser that carries it, once, and tells nobody what it holds', async () => {
  const flows = flowSeal(Date.now)
  const text = await flows.seal(FLOW)
  expect(Buffer.from(text.split('.')[3] ?? '', 'base64url').toString()).not.toContain('the-')
  expect(await flows.open(text, 'another-state')).toBeUndefined()
  expect(await flows.open(text, FLOW.state)).toMatchObject(FLOW)
  expect(await flows.open(text, FLOW.state)).toBeUndefined()
})

test('one that is over, forged, or of another process is none', async () => {
  const time = { now: Date.now() }
  const flows = flowSeal(() => time.now)
  const text = await flows.seal(FLOW)
  expect(await flowSeal(Date.now).open(text, FLOW.state)).toBeUndefined()
  const broken = `${text.slice(0, -4)}AAAA`
  for (const forged of [
    '',
    'x',
    'a.b.c.d.e',
    broken,
    text.replace(/^[^.]+/, 'eyJhbGciOiJub25lIn0'),
  ]) {
    expect(await flows.open(forged, FLOW.state), forged).toBeUndefined()
  }
  time.now += FLOW_SECONDS * 1_000 + 1_000
  expect(await flows.open(text, FLOW.state)).toBeUndefined()
})

test('fits into a cookie with the longest path', async () => {
  const text = await flowSeal(Date.now).seal({
    ...FLOW,
    verifier: 'v'.repeat(43),
    to: 'x'.repeat(1_800),
  })
  expect(text.length).toBeLessThan(3_800)
})

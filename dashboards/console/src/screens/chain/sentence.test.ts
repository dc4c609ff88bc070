import { expect, it } from 'vitest'
import { explanationOf, sentenceOf } from './sentence.ts'
import { action, lateAction, link, path, ridingAction } from './testing/chain.ts'

it('says who handed on to whom, how much, how long, and what is not in order', () => {
  const sentence = sentenceOf(path(2), [
    ridingAction(),
    action('b', { traceId: 'trace-2', at: '2026-11-24T10:02:41.000Z' }),
  ])
  expect(sentence).toEqual({
    names: ['alice', 'h0', 'h1'],
    counts: ['2 hops', '2 agents', '2 calls', '2 traces', '4 m 52 s'],
    troubles: ['1 unexplained permission'],
  })
})

it('shortens a long path and counts each kind of trouble', () => {
  const links = path(20).map((one, i) =>
    i === 4
      ? { ...one, arrived: false }
      : i === 7
        ? {
            ...one,
            signature: 'INVALID' as const,
            verdict: { ...one.verdict, state: 'FAILED' as const, code: 'signature_invalid' },
          }
        : one,
  )
  const { names, troubles } = sentenceOf(links, [])
  expect(names).toEqual(['alice', 'h0', 'h1', '…', 'h17', 'h18', 'h19'])
  expect(troubles).toEqual(['1 missing link', '1 link that does not hold'])
})

it('ends where a forger makes a circle', () => {
  const circle = [
    link('a', { parentHash: 'b', depth: 1 }),
    link('b', { parentHash: 'a', depth: 2 }),
  ]
  expect(sentenceOf(circle, []).names).toHaveLength(3)
})

it('tells an unexplained call from the yes that it used to the hop that does not cover it', () => {
  const [granted, approved, used, why] = explanationOf(ridingAction())
  expect(granted).toBe('Granted by nobody in this chain to whoever used it.')
  expect(approved).toMatch(/alice approved it for h0 \(approval yes\)\.$/)
  expect(used).toMatch(/h1 used deploy\.$/)
  expect(why).toBe('h0 gave h1 a link that does not cover deploy.')
})

it.each(['revoked', 'task_completed'])('does not call ungranted what was %s', (code) => {
  const late = lateAction(code)
  const [granted, used, why] = explanationOf(late)
  expect(granted).toBe('Granted in this chain, and no longer in force when it was used.')
  expect(used).toMatch(/h1 used status\.$/)
  expect(why).toBe(`What h1 cites was withdrawn: ${code}.`)
  expect(sentenceOf(path(2), [late]).troubles).toEqual(['1 use after the end'])
})

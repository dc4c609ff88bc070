import { LIMITS } from '@delegraph/link'
import { describe, expect, test } from 'vitest'
import { CALL, guarded, opened, sent } from '../testing/guarded.ts'
import { presentationOf, readPresentation } from './presentation.ts'

const { worker, chain, root } = await guarded()
const [first = '', second = ''] = chain.texts
const [hash = ''] = chain.hashes

describe('a presentation', () => {
  test('is read as it was written', () => {
    const open = opened(worker, chain)
    const written = presentationOf(open)
    expect(readPresentation(JSON.parse(JSON.stringify(written)))).toEqual({
      chain: chain.texts,
      refs: [],
      pop: written.aat_pop,
      salt: open.proposal.salt,
      approvals: [],
      faults: [],
    })
  })

  test('has a fresh proof for each request', () => {
    const open = opened(worker, chain)
    expect(sent(open).pop).not.toBe(sent(open).pop)
  })

  test('holds the last link and hashes by reference; a root alone has nothing above it', () => {
    expect(sent(opened(worker, chain), 'reference')).toMatchObject({
      chain: [second],
      refs: [hash],
    })
    const alone = worker.openAct(CALL)
    expect(sent(alone, 'reference')).toMatchObject({ chain: [], refs: [] })
    expect(root.texts).toHaveLength(1)
  })

  test('has no proof without a chain, and the call goes on', () => {
    expect(sent(worker.openAct(CALL))).not.toHaveProperty('pop')
  })
})

describe('what somebody sent', () => {
  test.each([
    ['nothing', undefined],
    ['null', null],
    ['a number', 7],
    ['a text', 'aat_chain'],
    ['a list', [first, second]],
  ])('is no presentation: %s', (_name, value) => {
    expect(readPresentation(value)).toEqual({
      chain: [],
      refs: [],
      approvals: [],
      faults: [],
    })
  })

  test.each([
    ['a text for a list', { aat_chain: first }, 'aat_chain', 'malformed'],
    ['an object for a list', { aat_chain: { 0: first, length: 1 } }, 'aat_chain', 'malformed'],
    ['a list with a hole', { aat_chain: [first, null, second] }, 'aat_chain', 'malformed'],
    [
      '17 links',
      { aat_chain: Array.from({ length: 17 }, () => first) },
      'aat_chain',
      'depth_invalid',
    ],
    [
      '16 hashes',
      { aat_chain: [first], aat_refs: Array.from({ length: 16 }, () => hash) },
      'aat_refs',
      'depth_invalid',
    ],
    ['hashes that are none', { aat_chain: [second], aat_refs: ['x'] }, 'aat_refs', 'malformed'],
    ['one hash twice', { aat_chain: [second], aat_refs: [hash, hash] }, 'aat_refs', 'malformed'],
    [
      'hashes above two links',
      { aat_chain: [first, second], aat_refs: [hash] },
      'aat_refs',
      'malformed',
    ],
    ['hashes above nothing', { aat_refs: [hash] }, 'aat_refs', 'malformed'],
    ['a proof that is none', { aat_pop: 'x' }, 'aat_pop', 'malformed'],
    ['a proof of another type', { aat_pop: ['a.b.c'] }, 'aat_pop', 'malformed'],
    [
      'a proof that is too large',
      { aat_pop: `a.${'b'.repeat(LIMITS.popSize)}.c` },
      'aat_pop',
      'malformed',
    ],
    ['a salt that is none', { action_salt: 'short' }, 'action_salt', 'malformed'],
    [
      'nine approvals',
      { approvals: Array.from({ length: 9 }, () => first) },
      'approvals',
      'oversized',
    ],
  ] as const)('is left out and named: %s', (_name, value, member, code) => {
    const read = readPresentation(value)
    expect(read.faults).toEqual([{ member, code }])
    expect(Object.values({ ...read, faults: [] }).flat()).not.toContain(undefined)
  })

  test('cannot make the reader throw', () => {
    const odd = [
      { length: 3 },
      new Date(),
      Symbol.iterator,
      () => 0,
      new Map(),
      Object.create(null),
      1n,
    ]
    for (const value of odd)
      for (const name of ['aat_chain', 'aat_refs', 'aat_pop', 'action_salt', 'approvals'])
        expect(() => readPresentation({ [name]: value })).not.toThrow()
  })
})

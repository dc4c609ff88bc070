import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { compareText } from './text.ts'

describe('the order of text', () => {
  it('puts what is beyond the basic plane after what is in it', () => {
    expect(['\u{1f511}', '\uffff', 'b', '\ue000', 'a', ''].sort(compareText)).toEqual([
      '',
      'a',
      'b',
      '\ue000',
      '\uffff',
      '\u{1f511}',
    ])
  })

  it('is the order of the bytes in UTF-8', () => {
    const text = fc.string({ unit: 'binary' })
    const property = fc.property(text, text, (a, b) => {
      const bytes = Buffer.compare(Buffer.from(a), Buffer.from(b))
      expect(Math.sign(compareText(a, b))).toBe(bytes)
    })
    fc.assert(property, { numRuns: 2_000 })
  })
})

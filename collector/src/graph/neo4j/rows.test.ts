import { describe, expect, it } from 'vitest'
import { indexed, nodeOfProperties, putRow } from './rows.ts'

describe('what is indexed of a text', () => {
  it('is the text itself up to 4,000 bytes', () => {
    for (const text of ['', 'x', 'x'.repeat(4_000), '☃'.repeat(1_333)])
      expect(indexed(text)).toBe(text)
  })

  it('is bounded however long the text is', () => {
    for (const text of ['x'.repeat(4_001), '☃'.repeat(1_334), '𝄞'.repeat(1_000_000)]) {
      const bytes = Buffer.byteLength(indexed(text))
      expect(bytes).toBeGreaterThan(4_000)
      expect(bytes).toBeLessThan(4_100)
    }
  })

  it('differs for texts that differ anywhere', () => {
    const start = 'x'.repeat(9_000)
    expect(new Set([`${start}a`, `${start}b`, start].map(indexed)).size).toBe(3)
  })

  it('is never the text of another node that pretends to be shortened', () => {
    const short = indexed('x'.repeat(9_000))
    expect(indexed(short)).not.toBe(short)
  })

  it('is well-formed where the cut falls into a character', () => {
    for (let i = 0; i < 4; i += 1) {
      expect(indexed(`${'x'.repeat(i)}${'𝄞'.repeat(2_000)}`)).not.toContain('\ufffd')
    }
  })
})

describe('a row', () => {
  it('of a node is read back as it was, a long text included', () => {
    const long = 'agent:'.repeat(2_000)
    const columns = { hash: long, agent: long, issuer: long, depth: 3 }
    const { set } = putRow({ kind: 'Link', key: long, columns })
    // The driver gives integers back as numbers.
    const properties = { ...set, depth: 3, tenant: 't', uid: indexed(long) }
    expect(nodeOfProperties('Link', properties)).toEqual({ kind: 'Link', key: long, columns })
  })

  it('of a whole node names every column that is to go and none that was learned', () => {
    const { set, least } = putRow({ kind: 'Tool', key: 't', columns: {}, whole: true })
    expect({ set, least }).toEqual({ set: { uri: 't', effect: null }, least: {} })
    const link = putRow({ kind: 'Link', key: 'l', columns: {}, whole: true })
    expect(Object.keys(link.set)).toContain('agent')
    expect(Object.keys(link.set)).not.toContain('learnedAt')
  })
})

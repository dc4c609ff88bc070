import { describe, expect, it } from 'vitest'
import type { TheStore } from '../graph-store.ts'
import { action, derived, dumpOf, keysOf, link } from './shapes.ts'

const TEXTS = [
  '',
  ' ',
  'null',
  'undefined',
  '__proto__',
  `'; DROP TABLE "Link"; --`,
  `' OR '1'='1`,
  '`) DETACH DELETE n //',
  '}) MATCH (m) DETACH DELETE m WITH 1 AS x UNWIND [{a: "',
  '$tenant',
  '"quoted" \\ back \\u0000',
  '\u0000zero',
  'zero\u0000b',
  'zero\u0000a',
  'line\nbreak\r\ttab',
  'e\u0301 is not \u00e9',
  '\u00e9',
  'snow ☃ and 𝄞',
  '\u{10ffff}',
  '\uffff',
  '\u202eright to left',
]

/** As long as an index of Neo4j takes, a little longer, and what a shortened one looks like. */
const LONG = [
  'k'.repeat(1_333),
  'k'.repeat(4_000),
  'k'.repeat(4_001),
  'k'.repeat(8_200),
  `${'k'.repeat(8_200)}!`,
  `${'k'.repeat(4_000)}…${'0'.repeat(64)}`,
  '☃'.repeat(3_000),
  `x${'𝄞'.repeat(3_000)}`,
]

export function hostileInput(store: TheStore): void {
  describe('text', () => {
    for (const [what, texts] of [
      ['odd', TEXTS],
      ['long', LONG],
    ] as const) {
      it(`that is ${what} is a key, a value and the end of a relationship like any other`, async () => {
        await store().write({
          nodes: texts.map((text) => link(text, { agent: text, issuer: text, text })),
          edges: texts.map((text) => ({ kind: 'HELD_BY', from: text, to: text })),
        })
        for (const text of texts) {
          const expected = [link(text, { agent: text, issuer: text, text })]
          expect(await store().find('Link', 'hash', [text])).toEqual(expected)
          expect(await store().find('Link', 'agent', [text])).toEqual(expected)
          expect(await store().neighbours('HELD_BY', 'out', [text])).toEqual([text])
          expect(await store().neighbours('HELD_BY', 'in', [text])).toEqual([text])
          for (const name of ['hash', 'agent', 'issuer']) {
            expect(await store().count('Link', { equals: { [name]: [text] } }, 10)).toBe(1)
          }
        }
        expect(await store().find('Link', 'agent', texts)).toHaveLength(texts.length)
        expect(await dumpOf(store())).toHaveLength(3 * texts.length)
      })
    }

    it('is ordered by code point in finds, pages and dumps alike', async () => {
      const expected = [...TEXTS].sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)))
      await store().write({ nodes: TEXTS.map((text) => link(text, { agent: text })), edges: [] })
      expect(keysOf(await store().find('Link', 'agent', TEXTS))).toEqual(expected)
      for (const orderBy of ['agent', 'hash']) {
        const query = { kind: 'Link', where: {}, orderBy, direction: 'asc', limit: 100 } as const
        expect(keysOf(await store().page(query))).toEqual(expected)
      }
      const dump = await dumpOf(store())
      expect(dump.flatMap((item) => ('key' in item ? [item.key] : []))).toEqual(expected)
    })

    it('that is long is paged over', async () => {
      await store().write({ nodes: LONG.map((text) => link(text, { agent: text })), edges: [] })
      for (const orderBy of ['agent', 'hash']) {
        const query = { kind: 'Link', where: {}, orderBy, direction: 'asc', limit: 1 } as const
        const seen: string[] = []
        for (let [node] = await store().page(query); node !== undefined; ) {
          seen.push(node.key)
          const after = { value: node.key, key: node.key }
          ;[node] = await store().page({ ...query, after })
        }
        expect(seen.toSorted()).toEqual(LONG.toSorted())
      }
    })

    it('of a megabyte comes back as it was, from any column', async () => {
      const text = `${'long ☃ '.repeat(150_000)}end`
      const node = action(text, { agent: text, tool: `${text}!`, args: text, receipt: text })
      await store().write({ nodes: [node], edges: [{ kind: 'BY', from: text, to: text }] })
      expect(await store().find('Action', 'agent', [text])).toEqual([node])
      expect(await store().find('Action', 'tool', [text])).toEqual([])
      expect(await store().find('Action', 'id', [text])).toEqual([node])
    })

    it('that was long and is short again is short', async () => {
      const long = 'x'.repeat(10_000)
      await store().write({ nodes: [link('a', { agent: long })], edges: [] })
      await store().write({ nodes: [link('a', { agent: 'short' })], edges: [] })
      expect(await store().find('Link', 'agent', [long])).toEqual([])
      expect(await store().find('Link', 'agent', ['short'])).toEqual([
        link('a', { agent: 'short' }),
      ])
    })

    it('with a lone surrogate is stored with a replacement character and found by either', async () => {
      const [odd, clean] = ['half \ud834 note', 'half \ufffd note']
      await store().write({
        nodes: [link(odd, { agent: odd }), link(clean, { depth: 1 })],
        edges: [derived(odd, odd)],
      })
      const expected = [link(clean, { agent: clean, depth: 1 })]
      expect(await store().find('Link', 'hash', [odd])).toEqual(expected)
      expect(await store().find('Link', 'agent', [clean])).toEqual(expected)
      expect(await store().ancestors([odd])).toEqual(expected)
      expect(await store().neighbours('DERIVED_FROM', 'in', [odd])).toEqual([clean])
      expect(await store().count('Link', { equals: { agent: [odd] } }, 9)).toBe(1)
    })
  })

  it('gives flags and integers of any size back as they were', async () => {
    const ints = [
      0,
      1,
      -1,
      2 ** 31,
      -(2 ** 31) - 1,
      Number.MAX_SAFE_INTEGER,
      Number.MIN_SAFE_INTEGER,
    ]
    const nodes = ints.map((at, i) => action(`a${i}`, { at, settled: i % 2 === 0 }))
    await store().write({ nodes, edges: [] })
    const found = await store().find('Action', 'id', keysOf(nodes))
    expect(found).toEqual(nodes)
  })

  it('says nothing of what is stored when it refuses', async () => {
    const node = link('secret-key', { agent: 'secret-agent', depth: 'secret-value' })
    const refusal = store().write({ nodes: [node], edges: [] })
    await expect(refusal).rejects.toThrow(expect.not.stringContaining('secret'))
    await expect(refusal).rejects.toThrow()
  })
}

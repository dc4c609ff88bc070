import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { issueLink, narrowLink } from '../issue.ts'
import { anchorOf, IAT, linkBy, party, rootBy } from '../testing/party.ts'
import type { Anchor } from '../types.ts'
import type { ChainLink } from './chain-link.ts'
import { createLinkMemo } from './memo.ts'
import { type ChainContext, type ChainVerdict, verifyChain } from './verify-chain.ts'
import { verifyLink } from './verify-link.ts'

/**
 * A verdict depends on the chain and on nothing that was seen before. `verifyChain` has two ways
 * through a chain, in phases and link by link; a memo adds a third. All must say the same.
 */

interface Vector {
  readonly id: string
  readonly alg: 'Ed25519' | 'ES256'
  readonly at: number
  readonly audience?: string
  readonly anchors?: readonly Anchor[]
  readonly chain: readonly number[]
}

const FILE: {
  readonly anchors: Readonly<Record<Vector['alg'], readonly Anchor[]>>
  readonly chains: readonly Vector[]
  readonly texts: readonly string[]
} = JSON.parse(readFileSync(new URL('../../../test/vectors/links.json', import.meta.url), 'utf8'))

const CASES = FILE.chains.map(({ id, at, alg, audience, anchors, chain }) => {
  const context: ChainContext = {
    anchors: anchors ?? FILE.anchors[alg],
    at,
    ...(audience === undefined ? {} : { audience }),
  }
  return { id, context, texts: chain.map((index) => FILE.texts[index] ?? '') }
})
const FRESH = CASES.map(({ texts, context }) => said(verifyChain(texts, context)))

describe('every vector', () => {
  test('has the same verdict with a memo that has seen all others, in any order', () => {
    fc.assert(
      fc.property(
        fc.shuffledSubarray([...CASES.keys()]),
        fc.integer({ min: 1, max: 400 }),
        (order, max) => {
          const memo = createLinkMemo({ max })
          for (const index of order) {
            const entry = CASES[index]
            if (entry === undefined) continue
            const { id, texts, context } = entry
            expect([id, said(verifyChain(texts, { ...context, memo }))]).toEqual([id, FRESH[index]])
          }
        },
      ),
      { numRuns: 20 },
    )
  })

  test('has the same verdict link by link as in phases', () => {
    for (const [index, { id, texts, context }] of CASES.entries()) {
      const memo = createLinkMemo({ max: 1000 })
      expect([id, said(verifyChain(texts, { ...context, memo }))]).toEqual([id, FRESH[index]])
      expect([id, said(verifyChain(texts, { ...context, memo }))]).toEqual([id, FRESH[index]])
    }
  })
})

describe.each(['Ed25519', 'ES256'] as const)('%s', (alg) => {
  const [auth, planner, worker, helper, stranger] = Array.from({ length: 5 }, () => party(alg))
  if (!auth || !planner || !worker || !helper || !stranger) throw new Error('five parties')
  const anchors = [anchorOf(auth)]
  const root = issueLink(rootBy(auth, planner))
  const other = issueLink(rootBy(auth, planner, { sub: 'u_bob' }))
  const left = narrowLink(root, linkBy(planner, worker))
  const right = narrowLink(root, linkBy(planner, helper))
  const below = narrowLink(left, linkBy(worker, helper))
  const texts = [root, other, left, right, below].map((link) => link.text)
  const pool = [...texts, ...texts.map(broken), ...texts.map(swapped(left.text)), 'a.b.c', '']

  test('chains of true, broken and foreign links never change each other’s verdicts', () => {
    const chain = fc.array(fc.constantFrom(...pool), { minLength: 1, maxLength: 4 })
    fc.assert(
      fc.property(fc.array(chain, { minLength: 1, maxLength: 12 }), (chains) => {
        const memo = createLinkMemo({ max: 1000 })
        for (const one of [...chains, [root.text, left.text, below.text]]) {
          const fresh = said(verifyChain(one, { anchors, at: IAT + 20 }))
          expect(said(verifyChain(one, { anchors, at: IAT + 20, memo }))).toEqual(fresh)
        }
      }),
      { numRuns: 300 },
    )
  })

  test('a broken copy first does not poison the true link, nor the true one the copy', () => {
    for (const first of [broken, (text: string) => text]) {
      const memo = createLinkMemo({ max: 1000 })
      const ask = (text: string) => verifyLink(text, undefined, { anchors, memo }).outcome.state
      ask(first(root.text))
      expect(ask(root.text)).toBe('ok')
      expect(ask(broken(root.text))).toBe('failed')
      expect(ask(root.text)).toBe('ok')
    }
  })

  test('one memo tells two sets of anchors apart', () => {
    const memo = createLinkMemo({ max: 1000 })
    const foreign = [anchorOf(stranger)]
    for (let round = 0; round < 3; round++) {
      expect(verifyLink(root.text, undefined, { anchors, memo }).outcome.state).toBe('ok')
      expect(verifyLink(root.text, undefined, { anchors: foreign, memo }).outcome.state).toBe(
        'failed',
      )
    }
  })

  test('one link under two parents is judged under each', () => {
    const memo = createLinkMemo({ max: 1000 })
    const context = { anchors, memo }
    const under = (parent: ChainLink | undefined) => verifyLink(left.text, parent, context).outcome
    const first = verifyLink(root.text, undefined, context).link
    const second = verifyLink(other.text, undefined, context).link
    for (let round = 0; round < 3; round++) {
      expect(under(first)).toEqual({ state: 'ok' })
      expect(under(second)).toMatchObject({ code: 'par_hash_mismatch' })
    }
  })
})

/** What a verdict says, without the objects that it hands out. */
function said({ outcome, failedAt, links, leaf }: ChainVerdict) {
  const each = links.map(({ outcome, hash, claims, signature, flags, problems }) => ({
    outcome,
    hash,
    claims,
    signature,
    flags,
    problems,
  }))
  return { outcome, failedAt, each, leaf: leaf?.hash }
}

function broken(text: string): string {
  return text.replace(/.{8}$/, 'AAAAAAAA')
}

/** The same statement under the signature of another one. */
function swapped(other: string): (text: string) => string {
  return (text) => text.slice(0, text.lastIndexOf('.')) + other.slice(other.lastIndexOf('.'))
}

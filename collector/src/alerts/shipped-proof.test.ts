import { expect, test } from 'vitest'
import { MAX_INLINE, shippedProof } from './shipped-proof.ts'
import { aFinding, nodeOf } from './testing/finding.ts'

const finding = aFinding('f1')
const ofSize = (bytes: number) => ({
  text: `${JSON.stringify('x'.repeat(bytes - 3))}\n`,
  finding: nodeOf(finding),
})
const RULE = {
  id: finding.rule,
  name: expect.stringMatching(/^[a-z-]+$/),
  version: expect.stringMatching(/^\d/),
}
const HASH = expect.stringMatching(/^[0-9a-f]{64}$/)

test('up to the limit a proof is inside, and beyond it named by its hash and told why', () => {
  expect(shippedProof(finding, ofSize(MAX_INLINE), 'inline')).toEqual({
    ...{ rule: RULE, sha256: HASH, bytes: MAX_INLINE },
    inline: expect.stringMatching(/^x+$/),
  })
  expect(shippedProof(finding, ofSize(MAX_INLINE + 1), 'inline')).toEqual({
    ...{ rule: RULE, sha256: HASH, bytes: MAX_INLINE + 1 },
    notInline: expect.stringContaining('larger than the 262144 bytes'),
  })
})

test('a channel that is not set to have it gets the hash alone', () => {
  const told = shippedProof(finding, ofSize(20), 'hash')
  expect(told).toEqual({
    ...{ rule: RULE, sha256: HASH, bytes: 20 },
    notInline: expect.stringContaining('disclosed arguments'),
  })
})

test.each([
  ['changed', { ...ofSize(20), finding: nodeOf(aFinding('f1', { severity: 1 })) }, 'not any more'],
  [
    'was withdrawn',
    { ...ofSize(20), finding: { ...nodeOf(finding), columns: { state: 'withdrawn' } } },
    'not any more',
  ],
  ['is gone', 'unknown' as const, 'not any more'],
  ['rests on too much', 'too_large' as const, 'more evidence'],
])('of a finding that %s there is none, and it says so', (_, file, words) => {
  expect(shippedProof(finding, file, 'inline')).toEqual({
    rule: RULE,
    notInline: expect.stringContaining(words),
  })
})

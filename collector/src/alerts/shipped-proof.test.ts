import { expect, test } from 'vitest'
import { MAX_INLINE, shippedProof } from './shipped-proof.ts'

const ofSize = (bytes: number): string => `${JSON.stringify('x'.repeat(bytes - 3))}\n`

test('up to the limit a proof is inside, and beyond it named by its hash alone', () => {
  const [fits, large] = [ofSize(MAX_INLINE), ofSize(MAX_INLINE + 1)].map((text) =>
    shippedProof({ rule: 'D1' }, text),
  )
  expect(fits).toMatchObject({ bytes: MAX_INLINE, inline: expect.stringMatching(/^x+$/) })
  expect(large).toEqual({
    rule: { id: 'D1', name: 'approved-action-inheritance', version: expect.stringMatching(/^\d/) },
    sha256: expect.stringMatching(/^[0-9a-f]{64}$/),
    bytes: MAX_INLINE + 1,
  })
})

import { expect, it } from 'vitest'
import { inRotation } from './rotation.ts'

const key = (thumbprint: string, first: string | null, last: string | null = first) => ({
  ...{ thumbprint, algorithm: 'Ed25519', registered: true, links: first === null ? 0 : 1 },
  ...{ firstLinkAt: first, lastLinkAt: last },
})
const said = (keys: ReturnType<typeof inRotation>) =>
  keys.map(({ thumbprint, says }) => [thumbprint, says])

it('the key whose last link is newest is the one in use, and the others came before', () => {
  const keys = [
    key('old', '2026-11-01T00:00:00.000Z', '2026-11-10T00:00:00.000Z'),
    key('never', null),
    key('new', '2026-11-09T00:00:00.000Z', '2026-11-20T00:00:00.000Z'),
  ]
  expect(said(inRotation(keys))).toEqual([
    ['new', 'in use'],
    ['old', 'before that'],
    ['never', undefined],
  ])
})

it('of one key in use nothing was rotated', () => {
  expect(said(inRotation([key('b', null), key('a', '2026-11-01T00:00:00.000Z')]))).toEqual([
    ['a', undefined],
    ['b', undefined],
  ])
})

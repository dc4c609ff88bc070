import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Trust } from '@delegraph/link'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { temporaryFolder } from '../../../test/harness/own-place.ts'
import { keyOf, T0 } from '../../../test/harness/story.ts'
import { parseTrustFile } from './file.ts'
import { TrustRefresher } from './refresher.ts'
import type { SourceStates } from './source-states.ts'

let folder: ReturnType<typeof temporaryFolder>
let now: number
let changes: Trust[]
let states: SourceStates
let warnings: string[]

beforeEach(() => {
  folder = temporaryFolder()
  now = T0 * 1000
  changes = []
  states = {}
  warnings = []
})
afterEach(() => {
  vi.useRealTimers()
  folder[Symbol.dispose]()
})

const kids = ({ anchors }: Trust) => anchors.map(({ kid }) => kid)

function holds(document: unknown): void {
  writeFileSync(join(folder.path, 'keys.json'), JSON.stringify(document))
}

function keys(...names: string[]) {
  return { keys: names.map((kid) => ({ ...keyOf(kid).jwk, kid })) }
}

function refresher(entry: object, before?: Trust): TrustRefresher {
  const anchors = [{ iss: 'https://auth.example.com', ...entry }]
  return new TrustRefresher({
    file: parseTrustFile({ version: '1', anchors }, 'trust.json', folder.path),
    before,
    clock: () => now,
    random: () => 0,
    onChange: async (trust) => {
      changes.push(trust)
    },
    onStates: async (all) => {
      states = all
    },
    onWarning: (message) => warnings.push(message),
  })
}

const KEY_FILE = { source: { jwks_file: 'keys.json' } }
const BUNDLE_FILE = {
  iss: 'spiffe://example.org',
  use: 'wit-svid',
  source: { spiffe_bundle_file: 'keys.json' },
}

describe('sources that are asked', () => {
  it('tell of a change, and only of one', async () => {
    holds(keys('a'))
    await using own = refresher(KEY_FILE)
    expect(kids(await own.refresh())).toEqual(['a'])
    await own.refresh()
    expect(changes).toEqual([])
    now += 60_000
    holds(keys('b'))
    await own.refresh()
    expect(changes.map(kids)).toEqual([['b', 'a']])
    // A text of this very second may be signed by the old key.
    expect(changes[0]?.anchors[1]?.valid_until).toBe(T0 + 61)
    expect(states).toEqual({
      'keys.json': { keys: 1, answered: new Date(now).toISOString() },
    })
  })

  it('keep their keys while they do not answer, also over a restart', async () => {
    holds(keys('a'))
    const first = refresher(KEY_FILE)
    const trust = await first.refresh()
    holds('nonsense')
    expect(await first.refresh()).toEqual(trust)
    await first[Symbol.asyncDispose]()
    await using second = refresher(KEY_FILE, trust)
    expect(await second.refresh()).toEqual(trust)
    expect(warnings).toEqual(
      Array(2).fill(expect.stringContaining('the keys known until now stay')),
    )
    expect(states['keys.json']).toEqual({ error: 'is not a JSON object' })
  })

  it('do not take a bundle back that was replaced', async () => {
    holds({ keys: [], spiffe_sequence: 2 })
    await using own = refresher(BUNDLE_FILE)
    await own.refresh()
    holds({ keys: [], spiffe_sequence: 1 })
    await own.refresh()
    expect(states['keys.json']).toMatchObject({ error: expect.stringContaining('1 after 2') })
    holds({ keys: [], spiffe_sequence: 2 })
    await own.refresh()
    expect(states['keys.json']).not.toHaveProperty('error')
  })

  it('say once that a trust domain is revoked, or that no key is of use', async () => {
    holds({ keys: [] })
    await using domain = refresher(BUNDLE_FILE)
    await domain.refresh()
    await domain.refresh()
    holds({ keys: [{ kty: 'RSA', kid: 'r', n: 'AQ', e: 'AQAB' }] })
    await using own = refresher(KEY_FILE)
    await own.refresh()
    expect(warnings).toEqual([
      expect.stringContaining('withdrew all keys of its trust domain'),
      expect.stringContaining('no key that is of use: key "r" is of "RSA"'),
    ])
  })

  it('are asked in their time, and no more when it ends', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
    holds(keys('a'))
    const own = refresher(KEY_FILE)
    await own.refresh()
    own.follow()
    holds(keys('a', 'b'))
    now += 899_000
    await vi.advanceTimersByTimeAsync(899_000)
    expect(changes).toEqual([])
    now += 2_000
    await vi.advanceTimersByTimeAsync(2_000)
    await vi.waitFor(() => expect(changes.map(kids)).toEqual([['a', 'b']]))
    await own[Symbol.asyncDispose]()
    holds(keys('c'))
    now += 3_600_000
    await vi.advanceTimersByTimeAsync(3_600_000)
    expect(changes).toHaveLength(1)
  })

  it('a change that could not be taken down is found again', async () => {
    holds(keys('a'))
    const trusts: Trust[] = []
    let full = true
    await using own = new TrustRefresher({
      file: parseTrustFile(
        { version: '1', anchors: [{ iss: 'https://auth.example.com', ...KEY_FILE }] },
        'trust.json',
        folder.path,
      ),
      before: undefined,
      clock: () => now,
      random: () => 0,
      onChange: async (trust) => {
        if (full) throw new Error('the disk is full')
        trusts.push(trust)
      },
      onStates: async () => {},
      onWarning: () => {},
    })
    await own.refresh()
    holds(keys('b'))
    await expect(own.refresh()).rejects.toThrow('full')
    full = false
    await own.refresh()
    expect(trusts.map(kids)).toEqual([['b', 'a']])
  })
})

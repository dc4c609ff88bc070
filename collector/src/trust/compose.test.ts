import type { Trust } from '@delegraph/link'
import { jwkThumbprint } from '@delegraph/link'
import { describe, expect, it } from 'vitest'
import { keyOf, T0 } from '../../../test/harness/story.ts'
import { composeTrust } from './compose.ts'
import { parseTrustFile, type TrustFile } from './file.ts'
import type { FoundKey, KeySet } from './key-set.ts'
import { sourceId } from './source.ts'
import { parseTrustText, trustText } from './text.ts'

const ISS = 'https://auth.example.com'
const found = (name: string): FoundKey => ({ kid: name, jwk: keyOf(name).jwk })

function fileOf(terms: object = {}, more: object = {}): TrustFile {
  const anchors = [{ iss: ISS, source: { oidc: true }, ...terms }]
  return parseTrustFile({ version: '1', anchors, ...more }, 'trust.json')
}

/** The trust after its one source gave these keys, or none at all where it was not heard. */
function after(
  file: TrustFile,
  keys: readonly FoundKey[] | undefined,
  before?: Trust,
  at = T0,
): Trust {
  const source = file.sourced[0]?.source
  const set: KeySet = { keys: keys ?? [], skipped: [] }
  const answers =
    keys === undefined || source === undefined ? [] : [[sourceId(source), set] as const]
  return composeTrust(file, new Map(answers), before, at)
}

const times = ({ anchors }: Trust) => anchors.map(({ kid, valid_until: until }) => [kid, until])

describe('keys that come and go', () => {
  it('each takes the terms of its entry, and says where it was found', () => {
    const trust = after(fileOf({ max_depth: 2 }), [found('a')])
    const jwk = keyOf('a').jwk
    expect(trust.anchors).toEqual([{ iss: ISS, max_depth: 2, kid: 'a', jwk, source: ISS }])
  })

  it('one that is gone was in use until then, and stays so', () => {
    const file = fileOf()
    const first = after(file, [found('a'), found('b')], undefined, T0)
    const second = after(file, [found('b'), found('c')], first, T0 + 100)
    expect(times(second)).toEqual([
      ['b', undefined],
      ['c', undefined],
      ['a', T0 + 100],
    ])
    const third = after(file, [found('b'), found('c')], second, T0 + 200)
    expect(trustText(third)).toBe(trustText(second))
  })

  it('one that comes back is in use again', () => {
    const file = fileOf()
    const gone = after(file, [], after(file, [found('a')]), T0 + 100)
    expect(times(gone)).toEqual([['a', T0 + 100]])
    expect(times(after(file, [found('a')], gone, T0 + 200))).toEqual([['a', undefined]])
  })

  it('another key under an old name is another key', () => {
    const file = fileOf()
    const renewed = { kid: 'a', jwk: keyOf('b').jwk }
    const trust = after(file, [renewed], after(file, [found('a')]), T0 + 100)
    expect(trust.anchors).toMatchObject([
      { kid: 'a', jwk: keyOf('b').jwk },
      { kid: 'a', jwk: keyOf('a').jwk, valid_until: T0 + 100 },
    ])
    expect(trust.anchors[0]).not.toHaveProperty('valid_until')
  })

  it('a source that is not heard keeps what the journal knew of it', () => {
    const file = fileOf()
    const known = after(file, [found('b')], after(file, [found('a'), found('b')]), T0 + 100)
    const journaled = parseTrustText(trustText(known))
    expect(trustText(after(file, undefined, journaled, T0 + 900))).toBe(trustText(known))
  })

  it('the order of a set changes nothing', () => {
    const file = fileOf()
    const one = after(file, [found('a'), found('b')])
    expect(trustText(after(file, [found('b'), found('a')], one))).toBe(trustText(one))
  })

  it('no key outlives its entry, and a compromised one its time', () => {
    const limited = after(fileOf({ valid_until: T0 + 50 }), [found('a')])
    expect(times(limited)).toEqual([['a', T0 + 50]])
    const since = { compromised: [{ jkt: jwkThumbprint(keyOf('a').jwk), since: T0 + 10 }] }
    expect(times(after(fileOf({}, since), [found('a'), found('b')]))).toEqual([
      ['a', T0 + 10],
      ['b', undefined],
    ])
  })

  it('a flood of keys does not grow for ever', () => {
    const file = fileOf()
    const jwk = keyOf('a').jwk
    let trust = after(file, [])
    for (let round = 0; round < 12; round += 1) {
      const keys = Array.from({ length: 100 }, (_, i) => ({ kid: `${round}-${i}`, jwk }))
      trust = after(file, keys, trust, T0 + round)
    }
    expect(trust.anchors).toHaveLength(1_100)
    // The last that went are those that are kept.
    expect(trust.anchors.at(-1)?.valid_until).toBe(T0 + 2)
  })
})

describe('the version', () => {
  it('is the file’s own where the file has all keys, and else names the keys too', () => {
    expect(
      composeTrust(parseTrustFile({ version: '1' }, 'x'), new Map(), undefined, T0).version,
    ).toBe('1')
    const file = fileOf()
    const versions = [after(file, [found('a')]), after(file, [found('b')])].map((t) => t.version)
    expect(versions[0]).toMatch(/^1\+[\w-]{12}$/)
    expect(new Set(versions).size).toBe(2)
    expect(after(file, [found('a')]).version).toBe(versions[0])
  })
})

describe('a SPIFFE bundle', () => {
  const entries = ['jwt-svid', 'wit-svid'].map((use) => ({
    iss: 'spiffe://example.org',
    use,
    source: { spiffe_bundle_file: 'bundle.json' },
  }))
  const file = parseTrustFile({ version: '1', workloads: entries }, 'trust.json')
  const [entry] = file.sourced
  const bundle = (uses: readonly string[]): ReadonlyMap<string, KeySet> => {
    const jwk = { kty: 'EC', crv: 'P-256', x: 'x', y: 'y', alg: 'ES256' } as const
    const keys = uses.map((use) => ({ kid: use, use, jwk: { ...jwk, x: use } }))
    return new Map([[sourceId(entry?.source ?? never()), { keys, skipped: [] }]])
  }
  const never = (): never => {
    throw new Error('there is an entry')
  }

  it('gives each entry the keys of its use, and none of the other’s', () => {
    const trust = composeTrust(file, bundle(['jwt-svid', 'wit-svid']), undefined, T0)
    expect(trust.workloads).toMatchObject([
      { kid: 'jwt-svid', source: 'bundle.json#jwt-svid' },
      { kid: 'wit-svid', source: 'bundle.json#wit-svid' },
    ])
    const same = composeTrust(file, bundle(['jwt-svid', 'wit-svid']), trust, T0 + 9)
    expect(trustText(same)).toBe(trustText(trust))
  })

  it('that is empty withdraws all keys from then on', () => {
    const trust = composeTrust(file, bundle(['jwt-svid', 'wit-svid']), undefined, T0)
    const { workloads } = composeTrust(file, bundle([]), trust, T0 + 60)
    expect(workloads.map((key) => key.valid_until)).toEqual([T0 + 60, T0 + 60])
  })
})

import {
  actionHash,
  canonicalize,
  decodeUnverified,
  isFault,
  restHash,
  signingInputHash,
  TYP,
  verifyStatusList,
  verifyWorkloadIdentity,
} from '@delegraph/link'
import { describe, expect, test } from 'vitest'
import {
  outcomeOfArtefact,
  outcomeOfChain,
  short,
  textsOf,
  VECTORS,
  verdictOfArtefact,
  verdictOfChain,
} from './read.ts'

describe('every chain vector has the outcome it names', () => {
  test.each(VECTORS.chains)('$id $title', (vector) => {
    const verdict = verdictOfChain(vector)
    expect(outcomeOfChain(vector)).toBe(vector.expect)
    expect(verdict.failedAt).toBe(vector.failed_at)
    expect(verdict.leaf?.text).toBe(vector.expect === 'ok' ? textsOf(vector).at(-1) : undefined)
    if (vector.expect === 'ok') {
      const flags = new Set(verdict.links.flatMap((link) => link.flags))
      expect([...flags].sort()).toEqual(vector.flags ?? [])
    }
  })
})

describe('every artefact vector has the outcome it names', () => {
  test.each(VECTORS.artefacts)('$id $title', (vector) => {
    expect(outcomeOfArtefact(vector)).toBe(vector.expect)
    if (vector.expect !== 'ok') return
    const decoded = decodeUnverified(vector.text)
    if (isFault(decoded)) throw new Error('a valid artefact can be decoded')
    expect(decoded.hash).toBe(verdictOfArtefact(vector).hash)
  })
})

describe('every token of somebody else has the outcome it names', () => {
  test.each(VECTORS.third_party)(
    '$id $title',
    ({ kind, text, issuers, expect: outcome, ...more }) => {
      if (kind === 'workload_identity') {
        const verdict = verifyWorkloadIdentity(text, issuers)
        expect(short(verdict.outcome)).toBe(outcome)
        if (more.identity !== undefined) expect(verdict.identity).toMatchObject(more.identity)
        return
      }
      const { uri = '', asked_at: askedAt = 0, values = {}, bits, from, until } = more
      const { outcome: found, answer } = verifyStatusList(text, { uri, issuers, askedAt })
      expect(short(found)).toBe(outcome)
      expect([answer?.from, answer?.until]).toEqual([from, until])
      if (bits !== undefined) expect(answer?.bits).toBe(bits)
      for (const [idx, value] of Object.entries(values))
        expect([idx, answer?.value(Number(idx))]).toEqual([idx, value])
    },
  )
})

test('the worked action is hashed in two levels', () => {
  const { action } = VECTORS
  expect(canonicalize({ rest: action.rest, salt: action.salt })).toBe(action.rest_preimage)
  expect(restHash(action.rest, action.salt)).toBe(action.rest_hash)
  const call = {
    aud: action.aud,
    args: action.disclosed,
    rest: action.rest_hash,
    tool: action.tool,
  }
  expect(canonicalize(call)).toBe(action.preimage)
  expect(actionHash(call)).toBe(action.action_hash)
})

test('the chain of the design is byte for byte the one of the vectors', () => {
  const worked = VECTORS.chains.find((vector) => vector.id === 'V01')
  expect(worked && textsOf(worked).map(signingInputHash)).toEqual([
    'LXed5PtL-NqV-vK0jFiyx--dG9SNx4Fn3FrNb9tuwYI',
    'f86ZsDHphzgX-yS2kf5PJnMkb5JjoCkVfvTGtOcXD7o',
    'wH3RmoCSVuQUEElEQevs5sWHEJLDbUFyuhXym33P7Bo',
  ])
})

test('ids are unique, and each Ed25519 chain has its ES256 twin', () => {
  const ids = [...VECTORS.chains, ...VECTORS.artefacts, ...VECTORS.third_party].map(({ id }) => id)
  expect(new Set(ids).size).toBe(ids.length)
  const singles = ids.filter((id) => !id.endsWith('.es256') && !id.startsWith('X'))
  expect(singles.filter((id) => !ids.includes(`${id}.es256`))).toEqual([])
})

test('each kind of artefact has good vectors and hostile ones', () => {
  const kinds = new Set(VECTORS.artefacts.map((vector) => vector.kind))
  expect([...kinds].sort()).toEqual(KINDS)
  for (const kind of kinds) {
    const own = VECTORS.artefacts.filter((vector) => vector.kind === kind)
    const good = own.filter((vector) => vector.expect === 'ok').length
    expect([kind, good > 0, own.length - good > 3]).toEqual([kind, true, true])
  }
})

/** What the profile signs beside links. */
const KINDS = Object.keys(TYP)
  .filter((name) => name !== 'link')
  .sort()

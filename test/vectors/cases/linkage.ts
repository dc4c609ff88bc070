import { type JsonObject, textDigest, thumbprintUri } from '@delegraph/link'
import { type ChainCase, IAT, type Maker, NOW } from '../maker.ts'

/** V: valid. C: linkage and keys. D: depth. E: time. F: principal, task, delegate. */
export function linkageCases(make: Maker): readonly ChainCase[] {
  const [link0, link1, link2] = make.base
  return [
    good('V01', 'valid 3-link chain', [link0, link1, link2]),
    good('V02', 'prefix of a valid chain', [link0, link1]),
    good('V03', 'root alone', [link0]),
    good('V04', 'same-scope derivation', [link0, sameScope(make)], ['same_scope']),
    good(
      'V05',
      'holder key reused by the delegate',
      [link0, make.child(link0, { cnf: { jwk: { ...make.parties.orchestrator.jwk } } })],
      ['holder_key_reused'],
    ),
    ...spliceCases(make),
    ...keyCases(make),
    ...depthCases(make),
    ...timeCases(make),
    ...subjectCases(make),
  ]
}

function sameScope(make: Maker): string {
  const same = make.rootClaims['authorization_details'] ?? []
  return make.child(make.base[0], { authorization_details: same })
}

function spliceCases(make: Maker): readonly ChainCase[] {
  const [link0, link1, link2] = make.base
  const { parties } = make
  const otherRoot = make.root({ jti: '019a8c3e-7b10-7000-8000-0000000000b0' })
  const child = (change: JsonObject) => make.child(link0, change)
  return [
    bad(
      'C01',
      'child under another root of the same holder',
      [otherRoot, link1, link2],
      'par_hash_mismatch',
      1,
    ),
    bad('C02', 'middle link dropped', [link0, link2], 'signature_invalid', 1),
    bad('C03', 'links reordered', [link1, link0, link2], 'issuer_untrusted:kid_absent', 0),
    bad('C04', 'leaf without ancestors', [link2], 'issuer_untrusted:kid_absent', 0),
    bad(
      'C05',
      'duplicate jti',
      [link0, child({ jti: '019a8c3e-7b10-7000-8000-000000000000' })],
      'replayed',
      1,
    ),
    bad(
      'C06',
      'child signed by its own new key',
      [link0, make.child(link0, {}, parties.researcher)],
      'signature_invalid',
      1,
    ),
    bad(
      'C07',
      'iss names a key other than the signer',
      [link0, child({ iss: thumbprintUri(parties.stranger.jwk) })],
      'issuer_mismatch',
      1,
    ),
    bad(
      'C08',
      'par_hash over the whole token',
      [link0, child({ par_hash: textDigest(link0) })],
      'par_hash_mismatch',
      1,
    ),
    bad(
      'C09',
      'root carries par_hash',
      [make.root({ par_hash: textDigest('x') })],
      'depth_invalid',
      0,
    ),
    bad('C13', 'the same link twice', [link0, link1, link1], 'signature_invalid', 2),
    bad('C14', 'root in the place of a child', [link0, link0], 'malformed:header', 1),
    bad(
      'C15',
      'descendant of a forged link',
      [link0, make.child(link0, {}, parties.stranger), link2],
      'signature_invalid',
      1,
    ),
    bad(
      'C16',
      'par_hash absent',
      [link0, make.child(link0, (claims) => dropped(claims, 'par_hash'))],
      'par_hash_mismatch',
      1,
    ),
  ]
}

function keyCases(make: Maker): readonly ChainCase[] {
  const holder = make.parties.orchestrator.jwk
  const root = (jwk: JsonObject) => [make.root({ cnf: { jwk } })]
  const weak =
    make.alg === 'Ed25519' ? { ...holder, x: `AQ${'A'.repeat(41)}` } : { ...holder, y: holder.x }
  const withSeed = { ...holder, d: Buffer.alloc(32, 0x22).toString('base64url') }
  return [
    make.alg === 'Ed25519'
      ? bad('C10', 'small-order Ed25519 holder key', root(weak), 'weak_key:cnf', 0)
      : bad('C10', 'P-256 holder key off the curve', root(weak), 'malformed:cnf', 0),
    bad('C11', 'private key in cnf', root(withSeed), 'malformed:cnf', 0),
    bad(
      'C12',
      'symmetric key in cnf',
      root({ kty: 'oct', alg: 'HS256', k: 'c2VjcmV0' }),
      'malformed:cnf',
      0,
    ),
    bad('C21', 'key for encryption in cnf', root({ ...holder, use: 'enc' }), 'malformed:cnf', 0),
    bad('C22', 'use beside the key in cnf', root({ ...holder, use: 'sig' }), 'malformed:cnf', 0),
    bad(
      'C23',
      'operations beside the key in cnf',
      root({ ...holder, key_ops: ['verify'] }),
      'malformed:cnf',
      0,
    ),
    bad('C17', 'cnf.jwk without alg', root(dropped({ ...holder }, 'alg')), 'malformed:cnf', 0),
    bad(
      'C18',
      'thumbprint beside the key in cnf',
      [make.root({ cnf: { jkt: textDigest('x'), jwk: { ...holder } } })],
      'malformed:cnf',
      0,
    ),
  ]
}

function depthCases(make: Maker): readonly ChainCase[] {
  const [link0] = make.base
  const child = (change: JsonObject) => [link0, make.child(link0, change)]
  const terminal = make.root({ del_max_depth: 0 })
  return [
    bad('D01', 'depth skips a level', child({ del_depth: 2 }), 'depth_invalid', 1),
    bad('D02', 'del_max_depth raised', child({ del_max_depth: 9 }), 'depth_invalid:max_depth', 1),
    bad(
      'D03',
      'derivation below a terminal link',
      [terminal, make.child(terminal, { del_max_depth: 0 })],
      'depth_invalid:terminal',
      1,
    ),
    bad(
      'D04',
      'more links than the verifier takes',
      Array.from({ length: 17 }, () => link0),
      'depth_invalid:links',
    ),
    bad(
      'D05',
      'root deeper than any chain',
      [make.root({ del_max_depth: 16 })],
      'depth_invalid:max_depth',
      0,
    ),
    bad('D06', 'root that is not at depth 0', [make.root({ del_depth: 1 })], 'depth_invalid', 0),
    good('D07', 'del_max_depth lowered to the own depth', child({ del_max_depth: 1 })),
    bad(
      'D08',
      'del_max_depth lowered below the own depth',
      child({ del_max_depth: 0 }),
      'depth_invalid:max_depth',
      1,
    ),
  ]
}

function timeCases(make: Maker): readonly ChainCase[] {
  const [link0, link1] = make.base
  const short = make.root({ exp: IAT + 200 })
  const child = (change: JsonObject) => [link0, make.child(link0, change)]
  return [
    bad(
      'E01',
      'expired root, child of the same end',
      [short, make.child(short, { exp: IAT + 200 })],
      'expired',
      0,
    ),
    bad('E02', 'child outlives parent', child({ exp: IAT + 9999 }), 'expired:nonmonotonic', 1),
    bad('E03', 'child issued before parent', child({ iat: IAT - 1 }), 'expired:nonmonotonic', 1),
    bad(
      'E04',
      'iat 5 minutes in the future',
      [make.root({ iat: IAT + 600, exp: IAT + 1200 })],
      'not_yet_valid',
      0,
    ),
    bad(
      'E05',
      'lifetime over 24 hours',
      [make.root({ exp: IAT + 90 * 24 * 3600 })],
      'lifetime_exceeded',
      0,
    ),
    bad('E06', 'exp as string', [make.root({ exp: '1795403600' })], 'malformed:num', 0),
    { ...good('E07', 'one second before the end', [link0, link1]), at: IAT + 2999 },
    { ...bad('E08', 'at the very end', [link0, link1], 'expired', 1), at: IAT + 3000 },
    { ...good('E09', 'iat ahead by the allowed skew', [link0]), at: IAT - 30 },
    { ...bad('E10', 'iat ahead by one second more', [link0], 'not_yet_valid', 0), at: IAT - 31 },
    bad('E11', 'fractional exp', [make.root({ exp: IAT + 0.5 })], 'malformed:num', 0),
    bad('E12', 'ends before it begins', [make.root({ exp: IAT - 1 })], 'malformed:lifetime', 0),
    good('E13', 'exactly 24 hours', [make.root({ exp: IAT + 24 * 3600 })]),
  ]
}

function subjectCases(make: Maker): readonly ChainCase[] {
  const [link0] = make.base
  const child = (change: JsonObject) => [link0, make.child(link0, change)]
  const named = make.root({ may_act: { sub: 'spiffe://example.org/agent/researcher' } })
  const rogue = { sub: 'spiffe://example.org/agent/rogue', sub_profile: 'ai_agent' }
  return [
    bad('F01', 'principal changed', child({ sub: 'u_other' }), 'principal_altered', 1),
    bad(
      'F02',
      'task changed',
      child({ txn: '019a8c3e-ffff-7abc-8def-000000000009' }),
      'task_altered',
      1,
    ),
    good('F03', 'may_act respected', [named, make.child(named)]),
    bad(
      'F04',
      'delegate not named by may_act',
      [named, make.child(named, { act: rogue })],
      'delegate_not_permitted',
      1,
    ),
    bad(
      'F05',
      'client_id is not the actor',
      child({ client_id: 'somebody' }),
      'malformed:client_id',
      1,
    ),
    bad(
      'F06',
      'actor nested in actor',
      child({ act: { ...rogue, act: rogue } }),
      'malformed:act',
      1,
    ),
  ]
}

function good(
  id: string,
  title: string,
  chain: readonly string[],
  flags: string[] = [],
): ChainCase {
  return { id, title, at: NOW, chain, expect: 'ok', ...(flags.length > 0 ? { flags } : {}) }
}

function bad(
  id: string,
  title: string,
  chain: readonly string[],
  expect: string,
  failedAt?: number,
): ChainCase {
  return {
    id,
    title,
    at: NOW,
    chain,
    expect,
    ...(failedAt === undefined ? {} : { failed_at: failedAt }),
  }
}

function dropped(claims: JsonObject, name: string): JsonObject {
  return Object.fromEntries(Object.entries(claims).filter(([member]) => member !== name))
}

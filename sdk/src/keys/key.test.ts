import { generateKeyPairSync } from 'node:crypto'
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { inspect } from 'node:util'
import { signReceipt, verifyReceipt } from '@delegraph/link'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { SdkError } from '../errors.ts'
import { createKey, type Key, publicJwk } from './key.ts'
import { loadKey, saveKey } from './key-file.ts'

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'delegraph-keys-'))
})
afterAll(() => rm(folder, { recursive: true }))

function signs(key: Key): boolean {
  const { text } = signReceipt({
    signer: key,
    claims: {
      aud: 'urn:collector',
      iat: 1,
      act: { sub: 'agent:a' },
      aat_tool: 'tool:a',
      action_hash: 'A'.repeat(43),
      result: { status: 'ok' },
    },
  })
  return verifyReceipt(text, publicJwk(key)).outcome.state === 'ok'
}

async function privateText(key: Key): Promise<string> {
  const path = join(folder, `private-${key.thumbprint}.jwk`)
  await saveKey(key, path)
  const { d } = JSON.parse(await readFile(path, 'utf8')) as { d: string }
  return d
}

describe.each(['Ed25519', 'ES256'] as const)('an %s key', (alg) => {
  test('signs what its public half verifies', async () => {
    const key = await createKey({ alg })
    expect(key.jwk.alg).toBe(alg)
    expect(signs(key)).toBe(true)
  })

  test('is the same after it was saved and loaded', async () => {
    const key = await createKey({ alg })
    const path = join(folder, `${alg}.jwk`)
    await saveKey(key, path)
    const loaded = await loadKey(path)
    expect(loaded.thumbprint).toBe(key.thumbprint)
    expect(signs(loaded)).toBe(true)
    expect((await stat(path)).mode & 0o777).toBe(0o600)
  })

  test('never shows its private half', async () => {
    const key = await createKey({ alg })
    const secret = await privateText(key)
    const shown = inspect(key, { depth: 9, showHidden: true }) + JSON.stringify(key) + String(key)
    expect(secret.length).toBeGreaterThan(40)
    expect(shown).not.toContain(secret)
    expect(JSON.stringify(structuredClone(publicJwk(key)))).not.toContain(secret)
  })
})

test('a key file is never overwritten', async () => {
  const path = join(folder, 'kept.jwk')
  await writeFile(path, 'something else')
  await expect(saveKey(await createKey(), path)).rejects.toMatchObject({ code: 'key_exists' })
  expect(await readFile(path, 'utf8')).toBe('something else')
})

test('a key that cannot be exported cannot be saved', async () => {
  const { alg, jwk, thumbprint, sign } = await createKey()
  const other = { alg, jwk, thumbprint, sign }
  await expect(saveKey(other, join(folder, 'other.jwk'))).rejects.toMatchObject({
    code: 'key_invalid',
  })
})

describe('a JWK is refused without being quoted', () => {
  const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey
  const p384 = generateKeyPairSync('ec', { namedCurve: 'P-384' }).privateKey
  const secret = 'c2VjcmV0LXNlY3JldC1zZWNyZXQtc2VjcmV0LXNlYw'
  const ed = { kty: 'OKP', crv: 'Ed25519', x: secret }
  test.each([
    ['public', ed],
    ['symmetric', { kty: 'oct', k: secret }],
    ['RSA', rsa.export({ format: 'jwk' })],
    ['P-384', p384.export({ format: 'jwk' })],
    ['of another algorithm', { ...ed, d: secret, alg: 'ES256' }],
    ['of the polymorphic algorithm', { ...ed, d: secret, alg: 'EdDSA' }],
    ['too short', { ...ed, d: 'c2VjcmV0LXNlY3JldA' }],
    ['no object', { crv: 'Ed25519' }],
  ])('%s', async (_name, jwk) => {
    const error: unknown = await loadKey({ ...jwk }).catch((thrown: unknown) => thrown)
    expect(error).toBeInstanceOf(SdkError)
    expect(error).toMatchObject({ code: 'key_invalid' })
    expect(inspect(error, { depth: 9 })).not.toMatch(/c2VjcmV0/)
  })
})

test('a broken key file is refused without being quoted', async () => {
  const path = join(folder, 'broken.jwk')
  await writeFile(path, 'c2VjcmV0LXNlY3JldC1zZWNyZXQ')
  const error: unknown = await loadKey(path).catch((thrown: unknown) => thrown)
  expect(error).toMatchObject({ code: 'key_invalid' })
  expect(inspect(error, { depth: 9 })).not.toMatch(/c2VjcmV0/)
})

test('a missing key file is unreadable', async () => {
  await expect(loadKey(join(folder, 'none.jwk'))).rejects.toMatchObject({ code: 'key_unreadable' })
})

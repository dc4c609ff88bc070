import { generateKeyPairSync } from 'node:crypto'
import { type Alg, issueLink, narrowLink, nodeSigner, type Signer } from '@delegraph/link'
import { describe, expect, it } from 'vitest'
import { keysIn, openText, verifyPath } from './verify-locally.ts'

function party(alg: Alg): Signer {
  const pair =
    alg === 'Ed25519'
      ? generateKeyPairSync('ed25519')
      : generateKeyPairSync('ec', { namedCurve: 'P-256' })
  return nodeSigner(pair.privateKey)
}

const iat = 1_795_400_000
const tools = { 'https://tools.example.com/mcp#status': {} }

/** Three links, each holder with another kind of key. */
function chain() {
  const [root, a, b, c] = [party('Ed25519'), party('ES256'), party('Ed25519'), party('ES256')]
  const act = (sub: string) => ({ sub, sub_profile: 'ai_agent' as const })
  const first = issueLink({
    signer: root,
    iss: 'https://auth.example.com',
    kid: 'root',
    sub: 'alice',
    holder: a.jwk,
    act: act('a'),
    tools,
    iat,
  })
  const second = narrowLink(first, { signer: a, holder: b.jwk, act: act('b'), tools, iat })
  const third = narrowLink(second, { signer: b, holder: c.jwk, act: act('c'), tools, iat })
  const links = [first, second, third]
  return {
    root,
    path: links.map(({ hash }, i) => ({ hash, parentHash: links[i - 1]?.hash ?? null })),
    texts: new Map(links.map(({ hash, text }) => [hash, text])),
  }
}

const signatures = (checks: Awaited<ReturnType<typeof verifyPath>>) =>
  checks.map(({ signature }) => signature)

describe('a path that was really signed', () => {
  it('holds from the root down, with both kinds of keys', async () => {
    const { root, path, texts } = chain()
    const checks = await verifyPath(path, texts, [root.jwk])
    expect(checks.map(({ named, under, signature }) => [named, under, signature])).toEqual([
      [true, undefined, 'holds'],
      [true, true, 'holds'],
      [true, true, 'holds'],
    ])
  })

  it('is not called checked without a key for the root', async () => {
    const { path, texts } = chain()
    expect(signatures(await verifyPath(path, texts, []))).toEqual(['no key', 'no key', 'no key'])
  })

  it('is wrong under another key, and nothing below is believed', async () => {
    const { path, texts } = chain()
    const other = party('Ed25519').jwk
    expect(signatures(await verifyPath(path, texts, [other]))).toEqual([
      'wrong',
      'no key',
      'no key',
    ])
  })
})

describe('a path that was meddled with', () => {
  it('shows a changed text by its name and its signature', async () => {
    const { root, path, texts } = chain()
    const hash = path[1]?.hash ?? ''
    const [header, , signature] = (texts.get(hash) ?? '').split('.')
    const claims = { ...openText(texts.get(hash))?.claims, del_depth: 7 }
    const payload = Buffer.from(JSON.stringify(claims)).toString('base64url')
    texts.set(hash, `${header}.${payload}.${signature}`)
    const [, second] = await verifyPath(path, texts, [root.jwk])
    expect(second).toMatchObject({ named: false, under: true, signature: 'wrong' })
  })

  it('shows a link under another parent', async () => {
    const [one, other] = [chain(), chain()]
    const path = [one.path[0], other.path[1]].flatMap((link) => link ?? [])
    const moved = path.map((link, i) =>
      i === 1 ? { ...link, parentHash: path[0]?.hash ?? '' } : link,
    )
    const texts = new Map([...one.texts, ...other.texts])
    const [, second] = await verifyPath(moved, texts, [one.root.jwk])
    expect(second).toMatchObject({ named: true, under: false, signature: 'wrong' })
  })

  it('says where a text is missing and goes no further', async () => {
    const { root, path, texts } = chain()
    texts.delete(path[1]?.hash ?? '')
    expect(signatures(await verifyPath(path, texts, [root.jwk]))).toEqual([
      'holds',
      'no text',
      'no key',
    ])
  })

  it('lets no text choose how it is checked', async () => {
    const { root, path, texts } = chain()
    const other = { ...root.jwk, alg: 'ES256' } as JsonWebKey
    expect(signatures(await verifyPath(path, texts, [other]))[0]).toBe('wrong')
  })
})

describe('keys that a reader pastes', () => {
  const jwk = { kty: 'OKP', crv: 'Ed25519', x: 'x', alg: 'Ed25519' }
  it.each([
    ['a key', jwk, 1],
    ['a key of another name', { ...jwk, kid: 'other' }, 0],
    [
      'a key set',
      {
        keys: [
          { ...jwk, kid: 'root' },
          { ...jwk, kid: 'other' },
        ],
      },
      1,
    ],
    ['a trust file', { anchors: [{ kid: 'root', jwk }] }, 1],
    [
      'an approver’s key, which signs no root',
      { anchors: [], approvers: [{ kid: 'root', jwk }] },
      0,
    ],
    ['nothing of the kind', [null, 1, 'x'], 0],
  ])('%s', (_, value, count) => {
    expect(keysIn(JSON.stringify(value), 'root')).toHaveLength(count)
  })

  it('is no JSON at all', () => expect(keysIn('-----BEGIN', 'root')).toEqual([]))
})

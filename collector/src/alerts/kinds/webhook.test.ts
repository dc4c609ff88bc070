import { generateKeyPairSync, verify } from 'node:crypto'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { describe, expect, test } from 'vitest'
import { CollectorError } from '../../errors.ts'
import { aFinding, aMessage } from '../testing/finding.ts'
import { type Behaviour, SECRET, startReceiver } from '../testing/receiver.ts'
import { webhook } from './webhook.ts'

const message = () => aMessage({ id: 'msg_1', at: Date.now() })
const never = new AbortController().signal

describe('one attempt', () => {
  test('is accepted by the receiving half of Standard Webhooks', async () => {
    await using receiver = await startReceiver()
    const channel = webhook({ url: receiver.url, secret: SECRET })
    expect(await channel.deliver(message(), never)).toEqual({ kind: 'delivered' })
    const [one] = receiver.received
    expect(one?.verified).toMatchObject({
      specversion: '1.0',
      data: { summary: expect.any(String) },
    })
    expect(one?.id).toBe('msg_1')
    expect(one?.headers['content-type']).toBe('application/cloudevents+json; charset=utf-8')
    expect(one?.headers['webhook-signature']).toMatch(/^v1,/)
  })

  test.each<[Behaviour, string]>([
    [{ status: 200 }, 'delivered'],
    [{ status: 202 }, 'delivered'],
    [{ status: 301, headers: { location: 'http://127.0.0.1:1/' } }, 'refused'],
    [{ status: 307, headers: { location: 'http://127.0.0.1:1/' } }, 'refused'],
    [{ status: 400 }, 'refused'],
    [{ status: 401 }, 'refused'],
    [{ status: 404 }, 'refused'],
    [{ status: 410 }, 'refused'],
    [{ status: 408 }, 'later'],
    [{ status: 425 }, 'later'],
    [{ status: 429 }, 'later'],
    [{ status: 500 }, 'later'],
    [{ status: 503 }, 'later'],
    ['close', 'later'],
    ['hang', 'later'],
  ])('%j is %s', async (behaviour, kind) => {
    await using receiver = await startReceiver()
    receiver.script.push(behaviour)
    const channel = webhook({ url: receiver.url, secret: SECRET, timeout: 300 })
    expect(await channel.deliver(message(), never)).toMatchObject({ kind })
    expect(receiver.received).toHaveLength(1)
  })

  test('what the receiver asks for is passed on', async () => {
    await using receiver = await startReceiver()
    receiver.script.push({ status: 503, headers: { 'retry-after': '7' } })
    const channel = webhook({ url: receiver.url, secret: SECRET })
    expect(await channel.deliver(message(), never)).toMatchObject({ retryAfter: 7_000 })
  })

  test('nobody there is a reason to come again', async () => {
    const channel = webhook({ url: 'http://127.0.0.1:1/hook', secret: SECRET })
    const result = await channel.deliver(message(), never)
    expect(result).toEqual({ kind: 'later', reason: expect.stringMatching(/^not reached/) })
  })

  test('an answer without an end does not hold the sender', async () => {
    const server = createServer((_, response) => {
      response.writeHead(200)
      response.write('x'.repeat(1_000))
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const { port } = server.address() as AddressInfo
    const url = `http://127.0.0.1:${port}/`
    const channel = webhook({ url, secret: SECRET })
    expect(await channel.deliver(message(), never)).toEqual({ kind: 'delivered' })
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
  })

  test('a stop ends it', async () => {
    await using receiver = await startReceiver()
    receiver.script.push('hang')
    const stop = new AbortController()
    const channel = webhook({ url: receiver.url, secret: SECRET })
    const attempt = channel.deliver(message(), stop.signal)
    await receiver.untilReceived(1)
    stop.abort()
    await expect(attempt).rejects.toThrow()
  })
})

test('a key signs v1a beside v1, and its public half is enough to check it', async () => {
  await using receiver = await startReceiver()
  const { privateKey, publicKey } = generateKeyPairSync('ed25519')
  const key = JSON.stringify(privateKey.export({ format: 'jwk' }))
  const both = webhook({ url: receiver.url, secret: SECRET, key })
  expect(await both.deliver(message(), never)).toEqual({ kind: 'delivered' })
  const [one] = receiver.received
  const signatures = String(one?.headers['webhook-signature']).split(' ')
  expect(signatures.map((text) => text.split(',')[0])).toEqual(['v1', 'v1a'])
  const signed = Buffer.from(`msg_1.${one?.headers['webhook-timestamp']}.${one?.body}`)
  const signature = Buffer.from(signatures[1]?.split(',')[1] ?? '', 'base64')
  expect(verify(null, signed, publicKey, signature)).toBe(true)
  expect(verify(null, Buffer.concat([signed, Buffer.from(' ')]), publicKey, signature)).toBe(false)
})

test.each(['', '{}', '{"kty":"OKP"}', 'whsk_AAAA'])('a key that is none is refused: %s', (key) => {
  expect(() => webhook({ url: 'https://example.com/', key })).toThrow(
    'a webhook key is a private Ed25519 key as JWK',
  )
})

test('a message that is too large is refused here', async () => {
  await using receiver = await startReceiver()
  const large = aFinding('f1', { tool: 'x'.repeat(1024 * 1024) })
  const result = await webhook({ url: receiver.url, secret: SECRET }).deliver(
    aMessage({}, large),
    never,
  )
  expect(result).toMatchObject({ kind: 'refused', reason: expect.stringContaining('larger than') })
  expect(receiver.received).toEqual([])
})

describe('configuration', () => {
  test.each([
    'http://example.com/hook',
    'http://127.0.0.1.example.com/hook',
    'http://192.168.0.1/',
    'ftp://127.0.0.1/',
    'file:///etc/passwd',
    'https://user:pass@example.com/',
    'example.com',
    '',
  ])('a target that is neither https nor loopback is refused: %s', (url) => {
    expect(() => webhook({ url, secret: SECRET })).toThrow(CollectorError)
  })

  test.each([
    'https://example.com/hook',
    'http://localhost:1/',
    'http://[::1]:1/',
    'http://127.9.9.9/',
  ])('%s can be used', (url) => {
    expect(() => webhook({ url, secret: SECRET })).not.toThrow()
  })

  test.each(['', 'whsec_', 'whsec_c2hvcnQ=', 'whsec_not base64!', `whsec_${'A'.repeat(200)}`])(
    'a secret that is none is refused and not repeated: %s',
    (secret) => {
      const url = 'https://example.com/'
      expect(() => webhook({ url, secret })).toThrow(
        'a webhook secret is whsec_ and the base64 of 24 to 64 random bytes',
      )
    },
  )
})

import type { IncomingMessage } from 'node:http'
import { expect, test } from 'vitest'
import { openStrangers } from './strangers.ts'
import { LOCAL } from './viewer.ts'

const request = (remoteAddress: string, authorization?: string, cookie?: string): IncomingMessage =>
  ({ headers: { authorization, cookie }, socket: { remoteAddress } }) as unknown as IncomingMessage

/** Shows a credential that nobody knows; undefined where it was looked at. */
function guess(strangers: ReturnType<typeof openStrangers>, from: string, n: number) {
  const asked = request(from, `Bearer guess-${n}`)
  const wait = strangers.wait(asked)
  if (wait === undefined) strangers.told(asked, undefined)
  return wait
}

test('an address has so many guesses in a minute, and another address its own', () => {
  let now = 0
  const strangers = openStrangers(3, () => now)
  expect([1, 2, 3, 4].map((n) => guess(strangers, '192.0.2.1', n))).toEqual([
    undefined,
    undefined,
    undefined,
    20,
  ])
  expect(guess(strangers, '192.0.2.2', 1)).toBeUndefined()
  // The same address, as a socket that takes both families says it.
  expect(guess(strangers, '::ffff:192.0.2.1', 5)).toBe(20)
  now += 20_000
  expect(guess(strangers, '192.0.2.1', 6)).toBeUndefined()
  expect(guess(strangers, '192.0.2.1', 7)).toBe(20)
})

test('one host of IPv6 is one address, however many it takes of its /64', () => {
  const strangers = openStrangers(1, () => 0)
  expect(guess(strangers, '2001:db8:0:1::1', 1)).toBeUndefined()
  expect(guess(strangers, '2001:db8:0:1:ffff::2', 2)).toBe(60)
  expect(guess(strangers, '2001:db8::1:0:0:0:3', 3)).toBe(60)
  expect(guess(strangers, '2001:db8:0:2::1', 4)).toBeUndefined()
})

test('who was believed goes on being looked at, and his request counts as no guess', () => {
  const strangers = openStrangers(2, () => 0)
  for (let i = 0; i < 10; i += 1) {
    const good = request('192.0.2.1', 'Bearer good')
    expect(strangers.wait(good)).toBeUndefined()
    strangers.told(good, LOCAL)
  }
  for (let n = 0; n < 5; n += 1) guess(strangers, '192.0.2.1', n)
  expect(strangers.wait(request('192.0.2.1', 'Bearer good'))).toBeUndefined()
  expect(strangers.wait(request('192.0.2.1', 'Bearer new'))).toBe(30)
  // It ended: from now on it is a guess like others.
  strangers.told(request('192.0.2.1', 'Bearer good'), undefined)
  expect(strangers.wait(request('192.0.2.1', 'Bearer good'))).toBe(30)
})

test('many at once are no way around', () => {
  const strangers = openStrangers(2, () => 0)
  const looked = Array.from({ length: 50 }, (_, n) =>
    strangers.wait(request('192.0.2.1', `Bearer guess-${n}`)),
  )
  expect(looked.filter((wait) => wait === undefined)).toHaveLength(2)
})

test('asked of twice, a request counts once', () => {
  const strangers = openStrangers(2, () => 0)
  const asked = request('192.0.2.1', 'Bearer guess')
  for (let i = 0; i < 5; i += 1) {
    expect(strangers.wait(asked)).toBeUndefined()
    strangers.told(asked, undefined)
  }
  expect(guess(strangers, '192.0.2.1', 1)).toBeUndefined()
  expect(guess(strangers, '192.0.2.1', 2)).toBe(30)
})

test('who shows nothing guesses nothing; a cookie is a guess', () => {
  const strangers = openStrangers(1, () => 0)
  for (let i = 0; i < 5; i += 1) expect(strangers.wait(request('192.0.2.1'))).toBeUndefined()
  expect(strangers.wait(request('192.0.2.1', undefined, 'delegraph-session=x'))).toBeUndefined()
  expect(strangers.wait(request('192.0.2.1', undefined, 'delegraph-session=y'))).toBe(60)
})

import { describe, expect, test } from 'vitest'
import { cookiesOf } from './cookies.ts'
import { isOwnPage } from './own-page.ts'

describe('a cookie', () => {
  test('is of this host alone, of TLS alone, and of no script', () => {
    const { session, flow } = cookiesOf('https://delegraph.example.com')
    expect(session.give('ID')).toBe(
      '__Host-delegraph-session=ID; Path=/; HttpOnly; SameSite=Strict; Secure',
    )
    expect(flow.give('SEALED', 600)).toBe(
      '__Host-delegraph-login=SEALED; Path=/; HttpOnly; SameSite=Lax; Secure; Max-Age=600',
    )
    expect(session.take).toContain('Max-Age=0')
  })

  test('goes without TLS on loopback', () => {
    expect(cookiesOf('http://127.0.0.1:4319').session.give('ID')).toBe(
      'delegraph-session=ID; Path=/; HttpOnly; SameSite=Strict',
    )
  })

  test('is read by its very name, and not where somebody slipped in another', () => {
    const { session } = cookiesOf('https://delegraph.example.com')
    const name = '__Host-delegraph-session'
    expect(session.read(`a=b; ${name}=ID; c=d`)).toBe('ID')
    expect(session.read(`${name}=ID; ${name}=OTHER`)).toBeUndefined()
    for (const header of [undefined, '', 'delegraph-session=ID', `x${name}=ID`, `${name}`]) {
      expect(session.read(header)).toBeUndefined()
    }
  })
})

describe('a request is of a page of the console', () => {
  const ORIGIN = 'https://delegraph.example.com'
  test.each([
    [{ origin: ORIGIN, 'sec-fetch-site': 'same-origin' }, true],
    [{ 'sec-fetch-site': 'same-origin' }, true],
    [{ origin: ORIGIN }, true],
    [{}, false],
    [{ 'sec-fetch-site': 'none' }, false],
    [{ 'sec-fetch-site': 'same-site' }, false],
    [{ 'sec-fetch-site': 'cross-site' }, false],
    [{ origin: 'null', 'sec-fetch-site': 'same-origin' }, false],
    [{ origin: 'https://evil.example' }, false],
    [{ origin: `${ORIGIN}:8443` }, false],
    [{ origin: ORIGIN.replace('https', 'http') }, false],
    [{ origin: ORIGIN, 'sec-fetch-site': 'cross-site' }, false],
    [{ origin: 'https://evil.example', 'sec-fetch-site': 'same-origin' }, false],
  ])('%j: %s', (headers, expected) => expect(isOwnPage(headers, ORIGIN)).toBe(expected))
})

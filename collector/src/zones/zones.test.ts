import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createZones, matches, zoneList } from './zones.ts'

const PAY = 'https://pay.example.com/mcp'

describe('a pattern', () => {
  it.each([
    [`${PAY}#*`, `${PAY}#refund`, true],
    [`${PAY}#*`, `${PAY}#`, true],
    [`${PAY}#*`, 'https://pay.example.com.evil.example/mcp#refund', false],
    ['*#refund', `${PAY}#refund`, true],
    ['https://*.example.com/*#ref*', `${PAY}#refund`, true],
    ['a*a', 'a', false],
    ['a*b*a', 'ab-a', true],
    ['exact', 'exactly', false],
    ['*', '', true],
    // No character but * has a meaning.
    ['a.c', 'abc', false],
    ['(a+)+$', '(a+)+$', true],
  ])('%s has %s: %s', (pattern, text, is) => expect(matches(pattern, text)).toBe(is))

  it('takes what is left out of a text, and nothing else', () => {
    const part = fc.string({ unit: fc.constantFrom('a', 'b', '#'), maxLength: 4 })
    fc.assert(
      fc.property(fc.array(part, { minLength: 1, maxLength: 4 }), part, (parts, between) => {
        expect(matches(parts.join('*'), parts.join(between))).toBe(true)
        const same = new RegExp(`^${parts.join('[^]*')}$`)
        for (const text of [between, parts.join(''), `${between}${parts.join('')}`])
          expect(matches(parts.join('*'), text)).toBe(same.test(text))
      }),
    )
  })

  it('has nothing where nothing is known', () => expect(matches('*', undefined)).toBe(false))
})

describe('zones', () => {
  const zones = createZones(
    zoneList.parse([
      { name: 'mail', criticality: 2, tools: ['*#send'] },
      { name: 'payments', criticality: 5, tools: [`${PAY}#*`], resources: ['ledger:*'] },
    ]),
  )

  it('name what a tool or its resource is in, the gravest first', () => {
    expect(zones.of(`${PAY}#send`)).toEqual([
      { name: 'payments', criticality: 5 },
      { name: 'mail', criticality: 2 },
    ])
    expect(zones.of('https://other.example#read', 'ledger:7').map(({ name }) => name)).toEqual([
      'payments',
    ])
    expect(zones.of(undefined, undefined)).toEqual([])
  })

  it.each([
    [
      'two of one name',
      [
        { name: 'a', criticality: 1, tools: ['x'] },
        { name: 'a', criticality: 2, tools: ['y'] },
      ],
    ],
    ['one with nothing in it', [{ name: 'a', criticality: 1 }]],
    ['no criticality', [{ name: 'a', tools: ['x'] }]],
    ['a criticality of 6', [{ name: 'a', criticality: 6, tools: ['x'] }]],
    ['an unknown key', [{ name: 'a', criticality: 1, tools: ['x'], audience: 'y' }]],
  ])('refuse %s', (_, given) => expect(zoneList.safeParse(given).success).toBe(false))
})

import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { channelList } from './channel-settings.ts'
import { type AlertRoute, routeOf } from './route.ts'
import { aFinding } from './testing/finding.ts'

function routeBy(more: object): AlertRoute {
  const [settings] = channelList.parse([{ name: 'a', kind: 'slack', urlFile: 'f', ...more }])
  if (settings === undefined) throw new Error('no channel')
  return routeOf(settings)
}

const finding = aFinding('f1', { chain: 'chain-1', body: { ...aFinding().body, owner: 'team:a' } })

describe('a route', () => {
  test.each<[object, boolean]>([
    [{}, true],
    [{ rules: ['D1', 'D2'] }, true],
    [{ rules: ['D2'] }, false],
    [{ classes: ['validity'] }, false],
    [{ minSeverity: 4 }, true],
    [{ minSeverity: 'high' }, true],
    [{ minSeverity: 'critical' }, false],
    [{ minGrade: 'signed' }, true],
    [{ pages: true }, true],
    [{ agents: ['agent:worker'] }, true],
    [{ agents: ['agent:planner'] }, false],
    [{ owners: ['team:a', 'team:b'] }, true],
    [{ owners: ['team:b'] }, false],
    [{ rules: ['D1'], owners: ['team:b'] }, false],
  ])('%j: %s', (match, wanted) => {
    expect(routeBy({ match }).wants(finding)).toBe(wanted)
  })

  test('takes the grade that it asks for and stronger ones', () => {
    const route = routeBy({ match: { minGrade: 'asserted' } })
    const grades = ['proven', 'signed', 'asserted', 'observed'] as const
    expect(grades.map((grade) => route.wants(aFinding('f1', { grade })))).toEqual([
      true,
      true,
      true,
      false,
    ])
  })

  test('takes a weakness that nobody used only where the class is asked for', () => {
    const exposure = aFinding('f1', { class: 'exposure' })
    expect(routeBy({}).wants(exposure)).toBe(false)
    expect(routeBy({ match: { classes: ['exposure'] } }).wants(exposure)).toBe(true)
  })

  test.each([
    ['fingerprint', finding.fingerprint],
    ['finding', 'f1'],
    ['incident', finding.incident],
    ['chain', 'chain-1'],
    ['agent', expect.stringMatching(/^[\w-]{32}$/)],
  ])('by %s has one alert for each', (groupBy, group) => {
    expect(routeBy({ groupBy }).groupOf(finding)).toEqual(group)
  })
})

describe('the settings', () => {
  const ok = { name: 'a', kind: 'webhook', url: 'https://example.com/', secretFile: 's' }

  test.each<[string, object[], string]>([
    ['an unknown kind', [{ ...ok, kind: 'fax' }], '0.kind'],
    ['an unknown key', [{ ...ok, sceret: 's' }], '0'],
    ['a secret in the open', [{ ...ok, secret: 'whsec_' }], '0'],
    [
      'no secret at all',
      [{ name: 'a', kind: 'webhook', url: 'https://example.com/' }],
      '0.secretFile',
    ],
    ['a name with a slash', [{ ...ok, name: 'a/b' }], '0.name'],
    ['a name twice', [ok, ok], '1.name'],
    ['a rule that is none', [{ ...ok, match: { rules: ['D99'] } }], '0.match.rules.0'],
    ['a severity that is none', [{ ...ok, match: { minSeverity: 9 } }], '0.match.minSeverity'],
    ['a limit for Alertmanager', [{ ...ok, kind: 'alertmanager', limit: {} }], '0'],
    ['both a file and an address', [{ name: 'a', kind: 'ocsf', file: 'f', url: ok.url }], '0.file'],
    ['neither a file nor an address', [{ name: 'a', kind: 'ocsf' }], '0.file'],
  ])('%s is an error that names the key', (_, channels, key) => {
    const result = z.object({ channels: channelList }).safeParse({ channels })
    expect(result.error?.issues[0]?.path.join('.')).toBe(`channels.${key}`)
  })

  test('people have a limit unless they say otherwise; machines have none', () => {
    const kinds = [
      ok,
      { name: 'b', kind: 'slack', urlFile: 'f' },
      { name: 'c', kind: 'pagerduty', routingKeyFile: 'f' },
    ]
    const limits = channelList.parse(kinds).map((one) => ('limit' in one ? one.limit : undefined))
    expect(limits).toEqual([undefined, { count: 30, seconds: 600 }, { count: 30, seconds: 600 }])
  })
})

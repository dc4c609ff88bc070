import { describe, expect, test } from 'vitest'
import { type OwedChange, owedAlerts } from './owed-alerts.ts'
import { routeOf } from './route.ts'
import { testRoute } from './testing/channel.ts'
import { aFinding, NOW, nodeOf } from './testing/finding.ts'

const CHANNELS = [testRoute('webhook')]
const cursor = '1'

function idOf(change: Parameters<typeof owedAlerts>[0], now = NOW, channels = CHANNELS): string {
  const [alert] = owedAlerts(change, channels, now)
  return String(alert?.key)
}

function messageOf(change: Parameters<typeof owedAlerts>[0], now: number): Record<string, unknown> {
  const [alert] = owedAlerts(change, CHANNELS, now)
  return JSON.parse(String(alert?.columns['body'])) as Record<string, unknown>
}

const finding = aFinding()
const opened = { change: 'opened', id: finding.id, finding, cursor } as const
const before = nodeOf(finding)

describe('one alert', () => {
  test('is the same one whenever it is learned and however the change is called', () => {
    expect(idOf(opened, NOW + 5_000)).toBe(idOf(opened))
    expect(idOf({ ...opened, change: 'updated' })).toBe(idOf(opened))
    expect(idOf({ ...opened, change: 'reopened' })).toBe(idOf(opened))
  })

  test('is another one for another channel, finding or content', () => {
    const other = aFinding('finding-1', { severity: 5 })
    const ids = [
      idOf(opened),
      idOf(opened, NOW, [testRoute('chat')]),
      idOf({ ...opened, id: 'finding-2' }),
      idOf({ ...opened, finding: other }),
      idOf({ change: 'withdrawn', id: finding.id, before, cursor }),
    ]
    expect(new Set(ids).size).toBe(ids.length)
  })

  test('does not depend on the order of members', () => {
    const turned = Object.fromEntries(
      Object.entries(finding).reverse(),
    ) as unknown as typeof finding
    expect(idOf({ ...opened, finding: turned })).toBe(idOf(opened))
  })
})

describe('its message', () => {
  test('is a CloudEvent 1.0 about the fingerprint, with the finding as its proof', () => {
    expect(messageOf(opened, NOW)).toEqual({
      specversion: '1.0',
      id: expect.stringMatching(/^msg_[\w-]{32}$/),
      source: 'urn:delegraph:collector',
      type: 'dev.delegraph.finding.opened.v1',
      subject: finding.fingerprint,
      time: '2026-11-24T10:00:00.000Z',
      datacontenttype: 'application/json',
      data: {
        change: 'opened',
        summary: `[proven] ${finding.body.title}`,
        state: 'open',
        finding: JSON.parse(JSON.stringify(finding)),
      },
    })
  })

  test('has a new id where the same finding comes back later', () => {
    const again = { ...opened, change: 'reopened' } as const
    expect(messageOf(again, NOW + 60_000)['id']).not.toBe(messageOf(opened, NOW)['id'])
  })
})

test('there is one for each channel, and none without one', () => {
  const alerts = owedAlerts(opened, [testRoute('a'), testRoute('b')], NOW)
  expect(alerts.map((alert) => alert.columns['channel'])).toEqual(['a', 'b'])
  expect(alerts.every((alert) => alert.columns['state'] === 'owed')).toBe(true)
  expect(owedAlerts(opened, [], NOW)).toEqual([])
})

describe('a finding that is no longer for a channel', () => {
  const route = routeOf({ name: 'a', match: { minSeverity: 4 }, groupBy: 'chain' })
  const changesOf = (change: Omit<OwedChange, 'cursor' | 'id'>) =>
    owedAlerts({ ...change, id: finding.id, cursor }, [route], NOW).map(({ columns }) => [
      columns['change'],
      columns['group'],
    ])
  const small = aFinding('finding-1', { severity: 3, chain: 'c' })
  const grave = aFinding('finding-1', { chain: 'c' })

  test('is closed there, and opened where it becomes one', () => {
    expect(changesOf({ change: 'updated', finding: small, before: nodeOf(grave) })).toEqual([
      ['withdrawn', 'a c'],
    ])
    expect(changesOf({ change: 'updated', finding: grave, before: nodeOf(small) })).toEqual([
      ['opened', 'a c'],
    ])
    expect(changesOf({ change: 'withdrawn', before: nodeOf(small) })).toEqual([])
  })

  test('is closed in the group that it leaves', () => {
    const other = aFinding('finding-1', { chain: 'd' })
    expect(changesOf({ change: 'updated', finding: other, before: nodeOf(grave) })).toEqual([
      ['withdrawn', 'a c'],
      ['opened', 'a d'],
    ])
  })

  test('is opened anew where it was withdrawn before', () => {
    const gone = nodeOf(grave)
    const before = { ...gone, columns: { ...gone.columns, state: 'withdrawn' } }
    expect(changesOf({ change: 'reopened', finding: grave, before })).toEqual([['reopened', 'a c']])
  })
})

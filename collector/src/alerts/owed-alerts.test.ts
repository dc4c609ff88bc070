import { describe, expect, test } from 'vitest'
import { owedAlerts } from './owed-alerts.ts'
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

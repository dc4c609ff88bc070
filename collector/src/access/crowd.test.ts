import { expect, test } from 'vitest'
import type { AuditEntry } from './audit-entry.ts'
import { openCrowd } from './crowd.ts'

const stranger = (
  from: string,
  reason: AuditEntry['reason'] = 'unknown_credential',
): AuditEntry => ({
  ...{ at: 0, from, surface: 'graphql', status: 401, took: 0 },
  ...(reason === undefined ? {} : { reason }),
})

function opened() {
  const time = { now: 1_000_000 }
  const written: AuditEntry[] = []
  const crowd = openCrowd(
    (entry) => written.push(entry),
    () => time.now,
  )
  return { time, written, crowd }
}

test('a few refusals are written as they come', () => {
  const { written, crowd } = opened()
  for (let i = 0; i < 60; i += 1) crowd.note(stranger(`192.0.2.${i}`))
  expect(written).toHaveLength(60)
  expect(written[59]).toEqual(stranger('192.0.2.59'))
  crowd[Symbol.dispose]()
  expect(written).toHaveLength(60)
})

test('of a flood the last is written when the minute is over, with how many there were', () => {
  const { time, written, crowd } = opened()
  for (let i = 0; i < 100_000; i += 1) crowd.note(stranger(`flood ${i}`))
  crowd.note(stranger('192.0.2.7', 'foreign_origin'))
  expect(written).toHaveLength(61)
  time.now += 60_000
  crowd.note(stranger('192.0.2.8'))
  expect(written.slice(61)).toEqual([
    { ...stranger('flood 99999'), count: 99_940 },
    stranger('192.0.2.8'),
  ])
})

test('what is counted is written when the book is closed, too', () => {
  const { written, crowd } = opened()
  for (let i = 0; i < 61; i += 1) crowd.note(stranger('192.0.2.1'))
  crowd[Symbol.dispose]()
  expect(written.at(-1)).toMatchObject({ count: 1 })
})

test('what was answered to somebody who is known is written each time, also in a flood', () => {
  const { written, crowd } = opened()
  for (let i = 0; i < 1_000; i += 1) {
    crowd.note(stranger('192.0.2.1'))
    crowd.note({ at: i, by: 'bob', from: '192.0.2.2', surface: 'graphql', status: 200, took: 0 })
  }
  expect(written.filter(({ by }) => by === 'bob')).toHaveLength(1_000)
  expect(written.filter(({ by }) => by === undefined)).toHaveLength(60)
})

test('many names are no way around: few kinds are told apart', () => {
  const { written, crowd } = opened()
  for (let i = 0; i < 50_000; i += 1) {
    crowd.note({ ...stranger('192.0.2.1', 'rate_limited'), by: `name ${i}` })
  }
  expect(written.length).toBeLessThanOrEqual(1_060)
})

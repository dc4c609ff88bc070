import { expect, test } from 'vitest'
import { openBuckets } from './buckets.ts'

function opened(perMinute: number, maxKeys?: number) {
  const time = { now: 1_000_000 }
  const clock = () => time.now
  const more = maxKeys === undefined ? {} : { maxKeys }
  return { time, buckets: openBuckets({ perMinute, clock, ...more }) }
}

test('a bucket is full at first, fills evenly, and says when there is enough', () => {
  const { time, buckets } = opened(60)
  expect(buckets.take('a', 59)).toBeUndefined()
  expect(buckets.take('a', 2)).toBe(1)
  expect(buckets.take('a', 11)).toBe(10)
  expect(buckets.take('b', 60)).toBeUndefined()
  time.now += 9_999
  expect(buckets.take('a', 11)).toBe(1)
  time.now += 1
  expect(buckets.take('a', 11)).toBeUndefined()
  expect(buckets.take('a')).toBe(1)
})

test('what is not used is kept for a minute and no longer', () => {
  const { time, buckets } = opened(60)
  buckets.take('a', 60)
  time.now += 3_600_000
  expect(buckets.take('a', 60)).toBeUndefined()
  expect(buckets.take('a')).toBe(1)
})

test('what is given back can be taken, and no more than that', () => {
  const { buckets } = opened(2)
  buckets.take('a', 2)
  buckets.give('a')
  expect(buckets.take('a')).toBeUndefined()
  expect(buckets.take('a')).toBe(30)
  buckets.give('a', 100)
  expect(buckets.take('a', 2)).toBeUndefined()
  expect(buckets.take('a')).toBe(30)
})

test('a clock that is set back gives nothing away', () => {
  const { time, buckets } = opened(60)
  buckets.take('a', 60)
  time.now -= 3_600_000
  expect(buckets.take('a')).toBe(1)
  time.now += 1_000
  expect(buckets.take('a')).toBeUndefined()
})

test('however many keys come, few are held: those that were asked for last', () => {
  const { buckets } = opened(1, 100)
  buckets.take('kept')
  for (let i = 0; i < 10_000; i += 1) {
    buckets.take(`key ${i}`)
    expect(buckets.take('kept')).toBe(60)
  }
  expect(buckets.size).toBe(100)
})

import { describe, expect, test } from 'vitest'
import type { Viewer } from '../viewer.ts'
import { openSessions } from './sessions.ts'

const who = (name: string): Viewer => ({ name, roles: ['viewer'], tenant: 'default' })

function open(max = 100) {
  const time = { now: 1_000_000 }
  const sessions = openSessions({ idle: 60_000, longest: 300_000, max, clock: () => time.now })
  return { sessions, time, [Symbol.dispose]: () => sessions[Symbol.dispose]() }
}

describe('a session', () => {
  test('is known by an id that cannot be guessed, and by no other', () => {
    using place = open()
    const { sessions } = place
    const [one, two] = [sessions.begin(who('bob')), sessions.begin(who('bob'))]
    expect(one).toMatch(/^[\w-]{43}$/)
    expect(one).not.toBe(two)
    expect(sessions.viewerOf(one)).toMatchObject({ name: 'bob', roles: ['viewer'] })
    for (const id of ['', 'x', one.slice(1), `${one}=`, one.toUpperCase()]) {
      expect(sessions.viewerOf(id)).toBeUndefined()
    }
  })

  test('lasts while it is used, and ends when it is not', () => {
    using place = open()
    const { sessions, time } = place
    const [used, unused] = [sessions.begin(who('bob')), sessions.begin(who('eve'))]
    for (let minute = 0; minute < 2; minute += 1) {
      time.now += 45_000
      expect(sessions.viewerOf(used)).toBeDefined()
    }
    expect(sessions.viewerOf(unused)).toBeUndefined()
    time.now += 60_000
    expect(sessions.viewerOf(used)).toBeUndefined()
  })

  test('ends after its longest time, however busy, and says so from the start', () => {
    using place = open()
    const { sessions, time } = place
    const id = sessions.begin(who('bob'))
    const until = time.now + 300_000
    expect(sessions.viewerOf(id)?.until).toBe(until)
    while (time.now + 30_000 < until) {
      time.now += 30_000
      expect(sessions.viewerOf(id)).toBeDefined()
    }
    time.now = until
    expect(sessions.viewerOf(id)).toBeUndefined()
  })

  test('that is ended is over at once, for what is open under it too', () => {
    using place = open()
    const { sessions } = place
    const id = sessions.begin(who('bob'))
    const ended = sessions.viewerOf(id)?.ended
    expect(ended?.aborted).toBe(false)
    expect(sessions.end(id)?.name).toBe('bob')
    expect(ended?.aborted).toBe(true)
    expect(sessions.viewerOf(id)).toBeUndefined()
    expect(sessions.end(id)).toBeUndefined()
  })
})

describe('of many sessions', () => {
  test('there are no more than the bound, and what was not used for longest goes', () => {
    using place = open(3)
    const { sessions, time } = place
    const ids = ['a', 'b', 'c'].map((name) => sessions.begin(who(name)))
    time.now += 1
    sessions.viewerOf(ids[0] ?? '')
    const ended = sessions.viewerOf(ids[1] ?? '')?.ended
    sessions.viewerOf(ids[2] ?? '')
    sessions.viewerOf(ids[0] ?? '')
    sessions.begin(who('d'))
    expect(ids.map((id) => sessions.viewerOf(id)?.name)).toEqual(['a', undefined, 'c'])
    expect(ended?.aborted).toBe(true)
  })

  test('nobody signs the others out by signing in again and again', () => {
    using place = open(30)
    const { sessions } = place
    const other = sessions.begin(who('bob'))
    const own = Array.from({ length: 100 }, () => sessions.begin(who('eve')))
    expect(sessions.viewerOf(other)?.name).toBe('bob')
    expect(own.filter((id) => sessions.viewerOf(id) !== undefined)).toEqual(own.slice(-20))
  })
})

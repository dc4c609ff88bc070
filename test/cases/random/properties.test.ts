import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Case, Detector, Event } from '../../eval/format.ts'
import { type Judgement, judge } from '../../oracle/oracle.ts'
import { legitimateStories, storyAndMutant, toCase } from './case.ts'

const RUNS = { numRuns: 60 }
const mutants = storyAndMutant.map(({ mutant }) => toCase(mutant))

/** What was found, in an order of its own. */
const told = ({ incidents }: Judgement) =>
  incidents
    .flatMap(({ findings }) => findings.map((f) => `${f.at} ${f.detector} ${f.culprit}`))
    .sort()

const withEvents = (one: Case, events: readonly Event[]): Case => ({
  ...one,
  events: events.map((event, i) => ({ ...event, seq: i + 1 })),
})

describe('properties of the oracle', () => {
  it('flags nothing in a legitimate history', () => {
    fc.assert(
      fc.property(legitimateStories, (story) => {
        expect(told(judge(toCase(story)))).toEqual([])
      }),
      RUNS,
    )
  })

  it('does not read the label', () => {
    fc.assert(
      fc.property(mutants, (one) => {
        const label = { inherit: true, actions: ['X'], kinds: ['D1' as const], culprit: 'X' }
        expect(judge({ ...one, label })).toEqual(judge(one))
      }),
      RUNS,
    )
  })

  it('finds the same under other names', () => {
    fc.assert(
      fc.property(mutants, (one) => {
        const rename = renaming(one)
        const renamed = renameAll(one, rename)
        const expected = judge(one).incidents.map((i) => [rename(i.at), i.headline])
        expect(judge(renamed).incidents.map((i) => [i.at, i.headline])).toEqual(expected)
      }),
      RUNS,
    )
  })

  it('finds the same in whatever order events are told, if each has its own time', () => {
    fc.assert(
      fc.property(mutants, fc.infiniteStream(fc.nat()), (one, keys) => {
        const apart = withEvents(one, one.events.map(atItsOwnTime))
        const shuffled = apart.events
          .map((event) => ({ event, key: keys.next().value }))
          .sort((a, b) => a.key - b.key)
          .map(({ event }) => event)
        expect(told(judge(withEvents(apart, shuffled)))).toEqual(told(judge(apart)))
      }),
      RUNS,
    )
  })

  it('finds the same beside an unrelated history', () => {
    fc.assert(
      fc.property(mutants, legitimateStories, (one, story) => {
        const other = renameAll(toCase(story), (id) => `other-${id}`)
        const both = {
          ...withEvents(one, [...one.events, ...other.events]),
          principals: [...one.principals, ...other.principals],
          agents: [...one.agents, ...other.agents],
        }
        expect(told(judge(both)).filter((line) => !line.startsWith('other-'))).toEqual(
          told(judge(one)),
        )
      }),
      RUNS,
    )
  })

  // A root of a further principal may be what two operations are held apart by: D11 is the exception.
  it('finds no more inheritance once a link covers the call', () => {
    fc.assert(
      fc.property(mutants, fc.nat(), (one, n) => {
        const calls = one.events.filter((event) => event.type === 'action')
        const x = calls[n % calls.length]
        if (!x) return
        const { task, trace, session, perm, where } = x
        const covering: Event = {
          type: 'link',
          id: 'L-covering',
          issuer: 'ann',
          holder: x.actor,
          parent: null,
          scope: [{ perm, where }],
          sig: 'ok',
          redelegable: true,
          ...{ seq: 0, t: 0, task, trace, session },
        }
        const inherited = (judgement: Judgement) =>
          judgement.incidents
            .flatMap((incident) => incident.findings)
            .filter((f) => f.class === 'I' && f.detector !== 'D11')
            .map((f) => `${f.at} ${f.detector}`)
        const before = new Set(inherited(judge(one)))
        const after = inherited(judge(withEvents(one, [covering, ...one.events])))
        expect(after.filter((finding) => !before.has(finding))).toEqual([])
      }),
      RUNS,
    )
  })

  it('finds nothing that rests on a support, once the support is gone', () => {
    const none: Partial<Record<Detector, (one: Case) => Case>> = {
      D1: (one) => onActions(one, { approval: null }),
      D3: (one) => ({ ...one, agents: one.agents.map((a) => ({ ...a, standing: [] })) }),
      D4: (one) =>
        withEvents(
          one,
          one.events.filter((event) => !isRefusal(event)),
        ),
      D5: (one) => onActions(one, { approval: null }),
      D6: (one) => onActions(one, { cred: null }),
      D7: (one) =>
        withEvents(
          one,
          one.events.filter((event) => event.type !== 'flow'),
        ),
      D9: (one) => onActions(one, { chain: null, approval: null, cred: null }),
      D11: (one) => ({ ...one, conflicts: [] }),
      D14: (one) =>
        withEvents(
          one,
          one.events.filter((event) => event.type !== 'flow'),
        ),
    }
    fc.assert(
      fc.property(mutants, (one) => {
        for (const [detector, without] of Object.entries(none))
          expect(told(judge(without(one))).filter((f) => f.includes(` ${detector} `))).toEqual([])
      }),
      RUNS,
    )
  })
})

const isRefusal = (event: Event) =>
  (event.type === 'decision' && event.verdict === 'deny') ||
  (event.type === 'action' && event.status === 'denied')

function onActions(one: Case, changed: object): Case {
  const events = one.events.map((e) => (e.type === 'action' ? { ...e, ...changed } : e))
  return withEvents(one, events)
}

const SPREAD = 1000

/** Times a thousand, and a bit later than the event before it. */
function atItsOwnTime(event: Event, place: number): Event {
  const exp = 'exp' in event && event.exp !== undefined ? { exp: event.exp * SPREAD } : {}
  return { ...event, ...exp, t: event.t * SPREAD + place }
}

/** New names for all that has one. */
function renaming(one: Case): (id: string) => string {
  const named = [...one.principals, ...one.agents, ...one.events].flatMap((o) =>
    'id' in o ? o.id : [],
  )
  const places = one.events.flatMap((e) => [e.task, e.session, e.trace])
  const names = [...new Set([...named, ...places])]
  return (id) => (names.includes(id) ? `n${names.indexOf(id)}` : id)
}

function renameAll(one: Case, rename: (id: string) => string): Case {
  const own = renaming(one)
  const isName = (text: string) => own(text) !== text
  const renamed: Case = JSON.parse(JSON.stringify(one), (_key, value: unknown) => {
    if (typeof value !== 'string') return value
    if (value.startsWith('cred:')) return `cred:${rename(value.slice('cred:'.length))}`
    return isName(value) ? rename(value) : value
  })
  return renamed
}

import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { EVENT } from '@delegraph/graph-schema'
import { pino } from 'pino'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Collector, startCollector } from '../../collector/src/collector.ts'
import { readConfig } from '../../collector/src/config.ts'
import type { Evidence } from '../../collector/src/evidence/types.ts'
import { temporaryFolder } from '../harness/own-place.ts'
import { storePlaces } from '../harness/stores.ts'
import { env, Story, T0, TOOL } from '../harness/story.ts'

const DEPLOY = { [TOOL.deploy]: env('staging') }
const STAGING = { args: { env: 'staging' } }

/** Two instants of the world, and two of learning: what came late is of either. */
const TRUE_AT = [T0 + 40, T0 + 70] as const
const KNOWN_AT = [T0 + 500, T0 + 900] as const

type Answer = Readonly<Record<string, unknown>>

/**
 * Worker may deploy until T0+65. It did so at T0+30, and at T0+60 and T0+61. That it did so at T0+35 and T0+62 as
 * well, and that somebody allowed the first, is heard of later.
 */
function told() {
  const story = new Story().knows('agent:planner', 'agent:worker')
  const planner = story.root('agent:planner', DEPLOY)
  const worker = story.link(planner, 'agent:worker', DEPLOY, { exp: T0 + 65 })
  const call = story.propose(worker, TOOL.deploy, STAGING.args)
  const first = story.act(worker, TOOL.deploy, { as: call, span: false })
  for (const at of [T0 + 60, T0 + 61])
    story.act(worker, TOOL.deploy, { ...STAGING, span: false, at })
  const early = [...story.evidence]
  for (const at of [T0 + 35, T0 + 62])
    story.act(worker, TOOL.deploy, { ...STAGING, span: false, at })
  story.decide(worker, call, true)
  return { story, early, late: story.evidence.slice(early.length), first, worker }
}

describe.each(storePlaces())(
  'the two clocks of each question, graph in $name',
  ({ store, env: settings }) => {
    const folder = temporaryFolder()
    const { story, early, late, first, worker } = told()
    let collector: Collector
    let now = (T0 + 400) * 1000

    beforeAll(async () => {
      const registry = join(folder.path, 'registry.jws')
      writeFileSync(registry, story.signedRegistry().text)
      const config = {
        ...readConfig({ data: folder.path, otlpPort: '0', apiPort: '0' }, {}),
        ...{ registry, store },
      }
      collector = await startCollector({
        ...{ config, env: settings, trust: story.trust, clock: () => now },
        logger: pino({ level: 'silent' }),
      })
      await send(collector, early)
      now = (T0 + 600) * 1000
      await send(collector, late)
      now = (T0 + 1000) * 1000
    }, 120_000)
    afterAll(async () => {
      if (store.kind === 'neo4j') await collector.store.clear()
      await collector[Symbol.asyncDispose]()
      folder[Symbol.dispose]()
    })

    /** The answers at (first, early), (second, early), (first, late) and (second, late). */
    async function four(field: string): Promise<Answer[]> {
      const answers: Answer[] = []
      for (const known of KNOWN_AT)
        for (const valid of TRUE_AT) {
          const clocks = `validAt: "${iso(valid)}", knownAt: "${iso(known)}"`
          answers.push(await ask(collector, field.replace('ASOF', `asOf: { ${clocks} }`)))
        }
      return answers
    }

    it('why: whether the yes was in force then, and what was found by then', async () => {
      const answers = await four(
        `why(action: "${first}", ASOF) { ... on Why { inForce yes { id } findings { rule } } }`,
      )
      const yes = { id: 'person:alice' }
      expect(answers).toEqual([
        { inForce: true, yes, findings: [{ rule: 'D8' }] },
        { inForce: false, yes, findings: [{ rule: 'D8' }] },
        { inForce: true, yes, findings: [] },
        { inForce: false, yes, findings: [] },
      ])
    })

    it('why: an action that came later than the world ends is not there', async () => {
      const query = (at: number): string =>
        `why(action: "${first}", asOf: { validAt: "${iso(at)}" }) { __typename }`
      expect(await ask(collector, query(T0 + 20))).toEqual({ __typename: 'NotFoundError' })
      expect(await ask(collector, query(T0 + 30))).toEqual({ __typename: 'Why' })
    })

    it('blast radius: what was still open then, and what had been done as far as was known', async () => {
      const answers = await four(
        `blastRadius(from: { kind: LINK, id: "${worker.hash}" }, ASOF) { ... on BlastRadius {
          reachable { exercised exercisable } exercised { nodes { lastAction { at } } } } }`,
      )
      expect(answers).toEqual(
        [
          [1, 30],
          [0, 61],
          [1, 35],
          [0, 62],
        ].map(([exercisable, last = 0]) => ({
          reachable: { exercised: 1, exercisable },
          exercised: { nodes: [{ lastAction: { at: iso(T0 + last) } }] },
        })),
      )
    })

    it('what if: the actions up to then, of those that were known', async () => {
      const answers = await four(
        `whatIf(revoke: [{ kind: LINK, id: "${worker.hash}" }], ASOF) { ... on WhatIf { loses { value } capped } }`,
      )
      expect(answers).toEqual([1, 3, 2, 5].map((value) => ({ loses: { value }, capped: false })))
    })

    it('coverage: the hops up to then, of those that were known', async () => {
      const answers = await four(
        'coverage(agents: ["agent:worker"], ASOF) { nodes { proven dark hops { value } } }',
      )
      expect(answers).toEqual(
        [1, 3, 2, 5].map((value) => ({ nodes: [{ proven: value, dark: 0, hops: { value } }] })),
      )
    })

    it('least privilege: the uses up to then, of those that were known', async () => {
      const answers = await four(
        `leastPrivilege(agent: "agent:worker", ASOF) { ... on LeastPrivilege {
          exercised { uses { value } lastUsedAt } unused { tool } } }`,
      )
      expect(answers).toEqual(
        [
          [1, 30],
          [3, 61],
          [2, 35],
          [5, 62],
        ].map(([value, last = 0]) => ({
          exercised: [{ uses: { value }, lastUsedAt: iso(T0 + last) }],
          unused: [],
        })),
      )
    })

    it('each clock may be given without the other', async () => {
      const uses = async (asOf: string): Promise<Answer> =>
        ask(
          collector,
          `leastPrivilege(agent: "agent:worker", asOf: { ${asOf} }) { ... on LeastPrivilege {
            exercised { uses { value } } snapshot { validAt knownAt } } }`,
        )
      expect(await uses(`validAt: "${iso(TRUE_AT[0])}"`)).toEqual({
        exercised: [{ uses: { value: 2 } }],
        snapshot: { validAt: iso(TRUE_AT[0]), knownAt: iso(T0 + 1000) },
      })
      expect(await uses(`knownAt: "${iso(KNOWN_AT[0])}"`)).toEqual({
        exercised: [{ uses: { value: 3 } }],
        snapshot: { validAt: iso(KNOWN_AT[0]), knownAt: iso(KNOWN_AT[0]) },
      })
    })
  },
)

function iso(at: number): string {
  return new Date(at * 1000).toISOString()
}

async function ask(collector: Collector, field: string): Promise<Answer> {
  const response = await fetch(collector.graphqlUrl, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query: `{ it: ${field} }` }),
  })
  const { data, errors } = (await response.json()) as { data: { it: Answer }; errors?: unknown }
  expect(errors).toBeUndefined()
  return data.it
}

/** Signed texts as log records, and nothing else: that is what a collector needs. */
async function send(collector: Collector, evidence: readonly Evidence[]): Promise<void> {
  const logRecords = evidence.flatMap((item) =>
    'text' in item && item.kind in EVENT
      ? {
          eventName: EVENT[item.kind as keyof typeof EVENT],
          timeUnixNano: `${T0}000000000`,
          body: { stringValue: item.text },
        }
      : [],
  )
  expect(logRecords).toHaveLength(evidence.length)
  const response = await fetch(`${collector.otlpUrl}/v1/logs`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ resourceLogs: [{ scopeLogs: [{ logRecords }] }] }),
  })
  expect(response.status).toBe(200)
  await collector.settled()
}

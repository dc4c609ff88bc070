import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Authority, EVENT } from '@delegraph/graph-schema'
import { SESSION_REVOKED, signRevocation, uuidv7 } from '@delegraph/link'
import fc from 'fast-check'
import { pino } from 'pino'
import { expect, it } from 'vitest'
import { type Collector, startCollector } from '../../collector/src/collector.ts'
import { readConfig } from '../../collector/src/config.ts'
import type { GraphNode } from '../../collector/src/graph/index.ts'
import { isMissing, openAsking } from '../../collector/src/questions/asking.ts'
import { authorityOf, type WhatIf, whatIf } from '../../collector/src/questions/what-if/what-if.ts'
import { storyAndMutant, toCase } from '../cases/random/case.ts'
import { playAll } from '../eval/batch.ts'
import { deliver, type Recorded } from '../eval/deliver.ts'
import { Outbox } from '../eval/play/outbox.ts'
import type { Part } from '../eval/play/stage.ts'
import { recordSpans } from '../eval/span-recorder.ts'
import { BASE, HEARD_AT, type World } from '../eval/world.ts'
import { temporaryFolder } from '../harness/own-place.ts'

const CASES = Number(process.env['WHAT_IF_CASES'] ?? 80)
const LONG_BEFORE = BASE - 1000

/** The open findings and the authority of every executed action. */
async function judgedIn({ store }: Collector) {
  const all = async (kind: 'Action' | 'Finding', where: object): Promise<GraphNode[]> =>
    store.page({ kind, where, orderBy: 'id', direction: 'asc', limit: 100_000 })
  const findings = Map.groupBy(await all('Finding', { equals: { state: ['open'] } }), (node) =>
    String(node.columns['action']),
  )
  const actions = (await all('Action', {})).filter(({ columns }) =>
    ['ok', 'unknown'].includes(String(columns['effect'])),
  )
  return new Map(
    actions.map((node): [string, { authority: Authority; rules: string[] }] => [
      node.key,
      {
        authority: authorityOf(node),
        rules: [
          ...new Set((findings.get(node.key) ?? []).map(({ columns }) => String(columns['rule']))),
        ],
      },
    ]),
  )
}

/** A collector that heard everything recorded, the withdrawals before all else. */
async function heard(
  world: World,
  registry: string,
  recorded: readonly Recorded[],
  withdrawals: Outbox,
  look: (collector: Collector) => Promise<void>,
): Promise<void> {
  using folder = temporaryFolder()
  const path = join(folder.path, 'registry.jws')
  writeFileSync(path, registry)
  const config = {
    ...readConfig({ data: folder.path, otlpPort: '0', apiPort: '0' }, {}),
    registry: path,
  }
  const logger = pino({ level: 'silent' })
  const options = { config, trust: world.trust, clock: () => HEARD_AT, env: {}, logger }
  await using collector = await startCollector(options)
  await deliver(collector.otlpUrl, [{ spans: [], events: withdrawals.events }])
  await collector.settled()
  await deliver(collector.otlpUrl, recorded)
  await collector.settled()
  await look(collector)
}

function withdrawn(parts: readonly Part[], { revoker }: World): Outbox {
  const outbox = new Outbox()
  for (const { chain } of parts) {
    if (chain === undefined) continue
    const { iss, kid, key } = revoker
    const { text } = signRevocation({
      signer: key,
      kid,
      claims: {
        ...{
          iss,
          aud: 'urn:delegraph:collector',
          jti: uuidv7(LONG_BEFORE * 1000),
          iat: LONG_BEFORE,
        },
        sub_id: { format: 'jwt_id', iss: chain.leaf.iss, jti: chain.leaf.jti },
        events: { [SESSION_REVOKED]: { event_timestamp: LONG_BEFORE } },
      },
    })
    outbox.say(EVENT.revocation, text)
  }
  return outbox
}

/**
 * Random histories, in order and not, played through the SDK. Of each one link is taken back: what the
 * question says would have become of every action is what becomes of it in a collector that heard of the
 * withdrawal before anything else.
 */
it('a withdrawal that is asked about is one that was heard of before everything', async () => {
  const cases = fc
    .sample(storyAndMutant, { seed: 20_26, numRuns: Math.ceil(CASES / 2) })
    .flatMap(({ story, mutant }, i) => [toCase(story, `a${i}`), toCase(mutant, `b${i}`)])
  const { world, stages, recorded, registry } = await playAll(cases, recordSpans())
  const taken = stages.flatMap((stage, i): Part[] => {
    const signed = [...stage.links.values()].flat().filter(({ chain }) => chain !== undefined)
    const one = signed[i % Math.max(1, signed.length)]
    return one === undefined ? [] : [one]
  })

  let answer: WhatIf | undefined
  let before: Awaited<ReturnType<typeof judgedIn>> = new Map()
  let after: Awaited<ReturnType<typeof judgedIn>> = new Map()
  await heard(world, registry, recorded, new Outbox(), async (collector) => {
    const asking = await openAsking(collector.store, {
      ...{ validAt: HEARD_AT, knownAt: HEARD_AT },
      pendingWindow: 900_000,
    })
    const result = await whatIf(
      taken.map(({ hash }) => ({ kind: 'link', id: hash })),
      0,
      asking,
    )
    if (isMissing(result)) throw new Error(result.missing)
    answer = result
    before = await judgedIn(collector)
  })
  await heard(world, registry, recorded, withdrawn(taken, world), async (collector) => {
    after = await judgedIn(collector)
  })

  const told = new Map((answer?.actions ?? []).map((one) => [one.action.key, one]))
  expect(answer?.capped).toBe(false)
  expect([...after.keys()]).toEqual([...before.keys()])
  const isHeld = ({ kind }: Authority): boolean => kind !== 'none' && kind !== 'unknown'
  for (const [id, then] of after) {
    const was = before.get(id)
    const one = told.get(id)
    if (was === undefined) continue
    const rules = then.rules.filter((rule) => !was.rules.includes(rule)).sort()
    expect([id, [...(one?.rules ?? [])].sort()]).toEqual([id, rules])
    if (one === undefined)
      expect([id, then.authority.sentence]).toEqual([id, was.authority.sentence])
    else if (one.fate === 'keeps')
      expect([id, one.by]).toEqual([id, isHeld(then.authority) ? then.authority.sentence : one.by])
    else if (one.fate === 'loses') expect([id, then.authority.kind]).toEqual([id, 'none'])
    if (isHeld(was.authority) && !isHeld(then.authority))
      expect([id, one?.fate]).not.toEqual([id, 'keeps'])
  }
  // Or it would show nothing.
  expect(answer?.loses).toBeGreaterThan(CASES / 8)
  expect(answer?.legitimateLost).toBeGreaterThan(CASES / 16)
  expect(told.size).toBeLessThan(after.size)
}, 300_000)

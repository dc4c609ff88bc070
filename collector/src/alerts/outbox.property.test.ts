import type { GraphNode } from '@delegraph/graph-schema'
import fc from 'fast-check'
import { expect, test, vi } from 'vitest'
import type { Finding } from '../findings/finding.ts'
import { type GraphStore, openSqliteStore } from '../graph/index.ts'
import { compareFindings } from '../project/findings.ts'
import { AlertSender } from './alert-sender.ts'
import type { DeliveryResult, FindingMessage } from './channel.ts'
import { deliveryPayload, owe, takeDelivery } from './outbox.ts'
import { testChannel, testRoute } from './testing/channel.ts'
import { aFinding } from './testing/finding.ts'

/** What the receiver does with an attempt, or what happens to us in the middle of it. */
type Fate = 'take' | 'away' | 'refuse' | 'lost answer' | 'journal full' | 'crash'

type Move =
  | { readonly kind: 'judge'; readonly finding: number; readonly severity: number }
  | { readonly kind: 'deliver' | 'restart' | 'rebuild' }

/** What the journal holds: evidence, here as the findings that it gives, and deliveries. */
type Entry =
  | { readonly findings: readonly Finding[] }
  | { readonly payload: Buffer; readonly receivedAt: number; readonly seq: number }

const RUNS = Number(process.env['OUTBOX_RUNS'] ?? 60)

/** Three findings, of which two have one fingerprint. */
const FINGERPRINTS = ['one', 'one', 'two']

const move: fc.Arbitrary<Move> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      kind: fc.constant('judge' as const),
      finding: fc.nat(2),
      severity: fc.constantFrom(0, 3, 4),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({ kind: fc.constantFrom('deliver' as const, 'restart' as const) }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('rebuild' as const) }) },
)
const fate = fc.constantFrom<Fate[]>(
  'take',
  'take',
  'away',
  'refuse',
  'lost answer',
  'journal full',
  'crash',
)

/** A collector without its evidence: journal, graph and sender, and a receiver with moods. */
class World {
  store: GraphStore = openSqliteStore({ file: ':memory:' })
  readonly journal: Entry[] = []
  readonly taken: FindingMessage[] = []
  readonly fates: Fate[]
  /** Happens once, while the receiver takes the next message. */
  meanwhile: (() => Promise<void>) | undefined
  #holds = new Map<string, Finding>()
  #sender: AlertSender | undefined
  #cursor = 0
  #full = false
  #crashed = false
  /** Attempts whose message was taken without our knowing. */
  unknown = 0

  constructor(fates: readonly Fate[]) {
    this.fates = [...fates]
  }

  async judge(index: number, severity: number): Promise<void> {
    const id = `f${index}`
    const fingerprint = FINGERPRINTS[index] ?? ''
    if (severity === 0) this.#holds.delete(id)
    else this.#holds.set(id, aFinding(id, { fingerprint, severity }))
    const findings = [...this.#holds.values()]
    this.journal.push({ findings })
    await this.#learn(findings, this.journal.length - 1)
    this.#sender?.notify()
  }

  async #learn(current: readonly Finding[], position: number): Promise<void> {
    const page = { kind: 'Finding', where: {}, orderBy: 'id', direction: 'asc', limit: 10 } as const
    const changes = compareFindings(await this.store.page(page), current, Date.now())
    const owed = changes.map((change) => {
      this.#cursor += 1
      const [seq, index] = [position, this.#cursor].map((n) => String(n).padStart(8, '0'))
      return { ...change, cursor: `${seq}.${index}` }
    })
    const alerts = await owe(this.store, owed, [testRoute()], Date.now())
    await this.store.write({ nodes: [...changes.map(({ node }) => node), ...alerts], edges: [] })
  }

  start(): void {
    this.#crashed = false
    const stop = new AbortController()
    const deliver = async (message: FindingMessage): Promise<DeliveryResult> => {
      const fate = this.fates.shift() ?? 'take'
      if (fate === 'away') return { kind: 'later', reason: 'away' }
      if (fate === 'refuse') return { kind: 'refused', reason: 'no' }
      this.taken.push(message)
      const { meanwhile } = this
      this.meanwhile = undefined
      await meanwhile?.()
      if (fate === 'take') return { kind: 'delivered' }
      this.unknown += 1
      if (fate === 'lost answer') return { kind: 'later', reason: 'no answer in time' }
      if (fate === 'journal full') {
        this.#full = true
        return { kind: 'delivered' }
      }
      stop.abort()
      this.#crashed = true
      throw new Error('the process ends here')
    }
    this.#sender = new AlertSender({
      store: this.store,
      channels: [
        testChannel({
          deliver: (message, signal) => {
            signal.throwIfAborted()
            if (stop.signal.aborted)
              return new Promise((_, reject) => signal.addEventListener('abort', reject))
            return message.kind === 'finding' ? deliver(message) : Promise.reject(new Error('none'))
          },
        }),
      ],
      clock: Date.now,
      onOutcome: async (alerts: readonly GraphNode[], outcome) => {
        if (this.#full) {
          this.#full = false
          throw new Error('disk full')
        }
        const seq = this.journal.length + 1
        this.journal.push({
          payload: deliveryPayload(alerts, outcome),
          receivedAt: Date.now(),
          seq,
        })
        return seq
      },
      onError: () => {},
      backoff: { first: 1, longest: 2 },
      maxRefusals: 1_000,
    })
    this.#sender.start()
  }

  async stop(): Promise<void> {
    await this.#sender?.[Symbol.asyncDispose]()
  }

  /** Until nothing is owed any more. */
  async drained(): Promise<void> {
    await vi.waitFor(
      async () => {
        if (this.#crashed) {
          await this.stop()
          this.start()
        }
        this.#sender?.notify()
        const owed = await this.store.count('Alert', { equals: { state: ['owed'] } }, 10)
        expect(owed).toBe(0)
      },
      { timeout: 4_000, interval: 2 },
    )
  }

  /** The graph anew from the journal; evidence between two deliveries comes in one portion. */
  async rebuild(): Promise<void> {
    await this.store.clear()
    this.#cursor = 0
    let portion: readonly Finding[] | undefined
    let position = 0
    for (const entry of this.journal) {
      if ('findings' in entry) {
        portion = entry.findings
        continue
      }
      if (portion !== undefined) await this.#learn(portion, position)
      portion = undefined
      position = entry.seq
      await this.store.write({ nodes: await takeDelivery(this.store, entry), edges: [] })
    }
    if (portion !== undefined) await this.#learn(portion, position)
  }

  /** Fingerprints that hold, and those that the receiver believes to hold. */
  truth(): { readonly holds: string[]; readonly believed: string[] } {
    const last = new Map(this.taken.map((message) => [message.group, message.closes]))
    return {
      holds: [...new Set([...this.#holds.values()].map(({ fingerprint }) => fingerprint))].sort(),
      believed: [...last].flatMap(([group, closes]) => (closes ? [] : [group])).sort(),
    }
  }
}

/** What a receiver reads of a message, whatever its id. */
function contentOf({ group, closes, finding }: FindingMessage): string {
  return JSON.stringify([group, closes, closes ? '' : finding])
}

test(
  'whatever fails in between, the receiver ends up knowing what holds, and hears nothing twice',
  async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(move, { minLength: 1, maxLength: 14 }),
        fc.array(fate, { maxLength: 10 }),
        async (moves, fates) => {
          const world = new World(fates)
          await world.store.init()
          world.start()
          for (const { kind, ...more } of moves) {
            if (kind === 'judge' && 'finding' in more)
              await world.judge(more.finding, more.severity)
            else if (kind === 'deliver') await new Promise((resolve) => setTimeout(resolve, 3))
            else {
              await world.stop()
              if (kind === 'rebuild') {
                // What came in one portion now may be an update that was none; what was told stays told.
                world.fates.length = 0
                world.start()
                await world.drained()
                await world.stop()
                const before = world.taken.length
                // What it knows of each: what it was told before that, and is so again, is news.
                const known = new Map(
                  world.taken.map((message) => [message.finding.id, contentOf(message)]),
                )
                await world.rebuild()
                world.start()
                await world.drained()
                const after = world.taken.slice(before)
                const again = after.filter((one) => known.get(one.finding.id) === contentOf(one))
                expect(again).toEqual([])
              } else world.start()
            }
          }
          await world.stop()
          world.start()
          await world.drained()
          await world.stop()
          const { holds, believed } = world.truth()
          expect(believed).toEqual(holds)
          const again = world.taken.length - new Set(world.taken.map(({ id }) => id)).size
          expect(again).toBeLessThanOrEqual(world.unknown)
          await world.store[Symbol.asyncDispose]()
        },
      ),
      { numRuns: RUNS },
    )
  },
  60_000 + 100 * RUNS,
)

test('a closing that was taken while the same one became owed again is no secret to the sender', async () => {
  const world = new World([])
  await world.store.init()
  world.start()
  await world.judge(1, 4)
  await world.drained()
  // While the receiver hears that it is over, another of the group begins, this one comes and goes once more, and we stop.
  const stopped = Promise.withResolvers<void>()
  world.meanwhile = async () => {
    await world.judge(0, 4)
    await world.judge(1, 4)
    await world.judge(1, 0)
    world.stop().then(stopped.resolve, stopped.reject)
  }
  await world.judge(1, 0)
  await stopped.promise
  world.start()
  await world.drained()
  await world.stop()
  expect(world.truth()).toEqual({ holds: ['one'], believed: ['one'] })
  expect(new Set(world.taken.map(({ id }) => id)).size).toBe(world.taken.length)
  await world.store[Symbol.asyncDispose]()
})

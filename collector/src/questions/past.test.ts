import { EVENT } from '@delegraph/graph-schema'
import { signingInputHash } from '@delegraph/link'
import { beforeAll, describe, expect, it } from 'vitest'
import { env, Story, T0, TOOL } from '../../../test/harness/story.ts'
import type { JournalRecord } from '../journal/index.ts'
import { trustText } from '../trust/text.ts'
import { createPast, type Past, type PastSettings } from './past.ts'

const DEPLOY = { [TOOL.deploy]: env('staging') }
const story = new Story()
const planner = story.root('agent:planner', DEPLOY)
const worker = story.link(planner, 'agent:worker', DEPLOY)
story.revoke(planner, T0 + 50)

/** One record for each text, a second after the other; the trust first. */
function records(): JournalRecord[] {
  const base = { tenant: 'default', contentType: '', contentEncoding: '' }
  const trust = Buffer.from(trustText(story.trust))
  const texts = story.evidence.flatMap((item) =>
    item.kind === 'link' || item.kind === 'revocation'
      ? [{ kind: item.kind, text: item.text ?? '' }]
      : [],
  )
  return [
    { ...base, seq: 1, kind: 'trust', receivedAt: T0 * 1000, payload: trust },
    ...texts.map(({ kind, text }, i): JournalRecord => {
      const body = { stringValue: text }
      const log = { eventName: EVENT[kind], timeUnixNano: `${T0}000000000`, body }
      const logs = { resourceLogs: [{ scopeLogs: [{ logRecords: [log] }] }] }
      const payload = Buffer.from(JSON.stringify(logs))
      return {
        ...{ ...base, seq: i + 2, kind: 'otlp-logs', receivedAt: (T0 + 1 + i) * 1000, payload },
        contentType: 'application/json',
      }
    }),
  ]
}

let all: JournalRecord[] = []
let reads = 0
beforeAll(() => {
  all = records()
})

function past(more: Partial<PastSettings> = {}): Past {
  return createPast({
    trust: story.trust,
    pendingWindow: 900_000,
    async *records() {
      reads += 1
      yield* all
    },
    ...more,
  })
}

async function linksAt(at: number, ask: Past = past()): Promise<string[]> {
  const then = await ask(at * 1000)
  if ('refused' in then) throw new Error(then.refused)
  const found = await then.store.find('Link', 'hash', [planner.hash, worker.hash])
  return found.filter(({ columns }) => columns['outcome'] !== undefined).map(({ key }) => key)
}

describe('the graph as it was known', () => {
  it('holds what had been received by then, and nothing else', async () => {
    expect(await linksAt(T0)).toEqual([])
    expect(await linksAt(T0 + 1)).toEqual([planner.hash])
    expect(await linksAt(T0 + 2)).toEqual([planner.hash, worker.hash].sort())
    const then = await past()((T0 + 2) * 1000)
    const later = await past()((T0 + 3) * 1000)
    const revocations = async (one: typeof then): Promise<number> =>
      'refused' in one ? -1 : one.store.count('Revocation', {}, 10)
    expect([await revocations(then), await revocations(later)]).toEqual([0, 1])
    expect(signingInputHash(planner.text)).toBe(planner.hash)
  })

  it('is refused where evidence that was known then has been trimmed since', async () => {
    const trimmed = past({ trimmedAt: () => (T0 + 2) * 1000 })
    expect(await trimmed((T0 + 1) * 1000)).toEqual({
      refused: expect.stringContaining('trimmed since'),
    })
    expect(await linksAt(T0 + 2, trimmed)).toEqual([planner.hash, worker.hash].sort())
  })

  it('keeps the last instants, so that the same question is not replayed again', async () => {
    const ask = past()
    await linksAt(T0 + 1, ask)
    const before = reads
    await linksAt(T0 + 1, ask)
    expect(reads).toBe(before)
    await linksAt(T0 + 2, ask)
    await linksAt(T0 + 3, ask)
    const again = reads
    await linksAt(T0 + 1, ask)
    expect(reads).toBeGreaterThan(again)
  })

  it.each([
    ['records', { records: 2, bytes: 1e9, milliseconds: 1e6 }, /more than 2 records/],
    ['bytes', { records: 99, bytes: 10, milliseconds: 1e6 }, /larger than 10 bytes/],
    ['time', { records: 99, bytes: 1e9, milliseconds: -1 }, /took too long/],
  ])('refuses what has too many %s, and never cuts it', async (_, limits, why) => {
    expect(await past({ limits })((T0 + 9) * 1000)).toEqual({ refused: expect.stringMatching(why) })
  })

  it('a record that was received while the clock was wrong counts by its own time', async () => {
    const [first, second, ...rest] = all
    if (first === undefined || second === undefined) throw new Error('no records')
    const early = { ...second, receivedAt: (T0 + 100) * 1000 }
    const ask = past({
      async *records() {
        yield* [first, early, ...rest]
      },
    })
    expect(await linksAt(T0 + 2, ask)).toEqual([worker.hash])
  })

  it('does not keep what failed', async () => {
    let fails = true
    const ask = past({
      async *records() {
        if (fails) throw new Error('the disk is away')
        yield* all
      },
    })
    await expect(ask((T0 + 1) * 1000)).rejects.toThrow('the disk is away')
    fails = false
    expect(await linksAt(T0 + 1, ask)).toEqual([planner.hash])
  })
})

import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { pino } from 'pino'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { authSettings } from '../../collector/src/access/access-config.ts'
import { retentionCheck } from '../../collector/src/cli/doctor/retention.ts'
import { startCollector } from '../../collector/src/collector.ts'
import { readConfig } from '../../collector/src/config.ts'
import { openJournal } from '../../collector/src/journal/index.ts'
import { nextAt } from '../../collector/src/retention/schedule.ts'
import { type LastRun, readRetentionState } from '../../collector/src/retention/state.ts'
import { startTenants } from '../../collector/src/tenants/start-tenants.ts'
import { temporaryFolder } from '../harness/own-place.ts'
import { samplesOf } from '../harness/scrape.ts'
import { T0, TRUST } from '../harness/story.ts'
import { CaseStory } from './testing/cases.ts'

const HOUR = 3_600_000
const DAY = 24 * HOUR
const logger = pino({ level: 'silent' })
/** Midnight in UTC, ten days after what the stories tell. */
const MIDNIGHT = Math.floor((T0 * 1000) / DAY) * DAY + 10 * DAY

let folder: ReturnType<typeof temporaryFolder>
let now: number
beforeEach(() => {
  folder = temporaryFolder()
  now = MIDNIGHT
})
afterEach(() => folder[Symbol.dispose]())

/** A journal with one case that is over. */
async function filled(data: string): Promise<void> {
  const story = new CaseStory()
  story.clean('old')
  await using journal = await openJournal({ dir: join(data, 'journal') })
  const record = { kind: 'otlp-logs', receivedAt: T0 * 1000, payload: story.body() } as const
  await journal.append({ ...record, contentType: 'application/json' })
}

function configOf(more: object = {}) {
  const retention = { days: 5, at: '03:30', trimNotes: true, trimClosed: false }
  return {
    ...readConfig({ data: folder.path, otlpPort: '0', apiPort: '0' }, {}),
    retention,
    ...more,
  }
}

/** The last run, as soon as it is one that began at that time or later. */
async function runAt(data: string, at: number): Promise<LastRun> {
  for (;;) {
    const { last } = await readRetentionState(data)
    if (last !== undefined && last.at >= at) return last
    await wait(50)
  }
}

describe('a time of the day', () => {
  it('is the next one in UTC, today or tomorrow', () => {
    expect(nextAt('03:30', MIDNIGHT)).toBe(MIDNIGHT + 3.5 * HOUR)
    expect(nextAt('03:30', MIDNIGHT + 3.5 * HOUR)).toBe(MIDNIGHT + 27.5 * HOUR)
    expect(nextAt('00:00', MIDNIGHT)).toBe(MIDNIGHT + DAY)
    expect(nextAt('23:59', MIDNIGHT + 23 * HOUR)).toBe(MIDNIGHT + DAY - 60_000)
  })

  it('needs an age, and is refused where it is none', () => {
    const read = (retention: object) => {
      const file = join(folder.path, 'delegraph.json')
      writeFileSync(file, JSON.stringify({ retention }))
      return () => readConfig({ config: file }, {})
    }
    expect(read({ at: '03:30' })).toThrow('retention.days')
    expect(read({ days: 5, at: '3:30' })).toThrow('takes a time of the day in UTC, as 03:30')
    expect(read({ days: 5, at: '24:00' })).toThrow('retention.at')
    expect(read({ days: 5, at: '03:30' })).not.toThrow()
  })
})

describe('a collector that is to trim each day', () => {
  const start = () =>
    startCollector({ config: configOf(), env: {}, logger, trust: TRUST, clock: () => now })

  it('does so at that time, and makes up for it where it was down', async () => {
    await filled(folder.path)
    {
      await using collector = await start()
      await wait(2_500)
      expect((await readRetentionState(folder.path)).last).toBeUndefined()
      now = MIDNIGHT + 3.6 * HOUR
      expect(await runAt(folder.path, now)).toMatchObject({ outcome: 'trimmed', bodies: 1 })
      await wait(2_500)
      expect(collector.journal.retentions).toHaveLength(1)
    }
    // Down at half past three of the next day.
    now = MIDNIGHT + DAY + 5 * HOUR
    await using _ = await start()
    expect(await runAt(folder.path, now)).toMatchObject({ outcome: 'nothing', bodies: 0 })
    expect(await retentionCheck(configOf(), now + HOUR)).toMatchObject({
      state: 'ok',
      says: expect.stringContaining('each day at 03:30 UTC'),
    })
    const late = await retentionCheck(configOf(), now + 3 * DAY)
    expect(late).toMatchObject({ state: 'warning', todo: expect.stringContaining('its log') })
  })

  it('says so where it cannot, and is overdue after two days; what it cannot read stops it', async () => {
    await filled(folder.path)
    const holds = join(folder.path, 'holds')
    mkdirSync(holds)
    writeFileSync(join(holds, 'a.json'), 'no hold')
    await using collector = await start()
    now = MIDNIGHT + 4 * HOUR
    const run = await runAt(folder.path, now)
    expect(run).toMatchObject({ outcome: 'failed', message: expect.stringContaining('a.json') })
    expect(await retentionCheck(configOf(), now)).toMatchObject({
      state: 'warning',
      says: expect.stringContaining('a.json'),
    })
    const overdue = async () => {
      const page = await (await fetch(`${collector.operationsUrl}/metrics`)).text()
      return samplesOf(page).find(({ name }) => name === 'delegraph_retention_overdue')?.value
    }
    expect(await overdue()).toBe(0)
    now = MIDNIGHT + 3 * DAY
    await runAt(folder.path, now)
    expect(await overdue()).toBe(1)
    rmSync(join(holds, 'a.json'))
    now += DAY
    expect(await runAt(folder.path, now)).toMatchObject({ outcome: 'trimmed', bodies: 1 })
    expect(await overdue()).toBe(0)
  })
})

describe('several tenants', () => {
  it('are trimmed each by itself', async () => {
    const token = { name: 'acme-sender', tenant: 'acme', roles: ['ingest'] }
    const sha256 = createHash('sha256').update('a'.repeat(40)).digest('hex')
    const auth = authSettings.parse({ tokens: [{ ...token, sha256 }] })
    const config = configOf({ auth, tenants: { acme: { channels: [] }, other: { channels: [] } } })
    const dataOf = (name: string) => join(folder.path, 'tenants', name)
    await filled(dataOf('acme'))
    await using tenants = await startTenants({ config, env: {}, logger, clock: () => now })
    now = MIDNIGHT + 4 * HOUR
    expect(await runAt(dataOf('acme'), now)).toMatchObject({ bodies: 1 })
    expect(await runAt(dataOf('other'), now)).toMatchObject({ bodies: 0 })
    expect(tenants.collectors.get('acme')?.journal.retentions).toHaveLength(1)
    expect(tenants.collectors.get('other')?.journal.retentions).toEqual([])
    expect(existsSync(join(folder.path, 'retention'))).toBe(false)
  })
})

import { join } from 'node:path'
import type { GraphStore } from '../../graph/index.ts'
import { newestRecord } from '../../journal/index.ts'
import { type Check, failed, ok, warning } from './check.ts'

/** Seconds that clocks may differ; what verification allows too. */
const ALLOWED = 60
const NEWEST = 200

/** This clock against the last one that wrote here, which must not lie ahead. */
export async function journalClockCheck(data: string, now: number): Promise<Check> {
  try {
    const last = (await newestRecord(join(data, 'journal')))?.receivedAt
    if (last === undefined) return ok('clock', 'nothing to compare with: the journal is empty')
    const ahead = (last - now) / 1000
    const at = new Date(last).toISOString()
    if (ahead <= ALLOWED) return ok('clock', `is later than the last journal record, of ${at}`)
    return failed(
      'clock',
      `the last journal record is of ${at}, ${Math.round(ahead)} s from now`,
      'set the clock: what comes in would be judged as of an earlier time',
    )
  } catch {
    // The check of the journal says why.
    return warning('clock', 'was not compared: the journal cannot be read', 'see journal above')
  }
}

/** This clock against those of issuers: a link cannot be signed after it arrived. */
export async function issuerClockCheck(store: GraphStore): Promise<Check> {
  const newest = { orderBy: 'issuedAt', direction: 'desc', limit: NEWEST } as const
  const links = await store.page({ kind: 'Link', where: {}, ...newest })
  const ahead = links.flatMap(({ columns }) => {
    const { issuedAt, learnedAt } = columns
    if (typeof issuedAt !== 'number' || typeof learnedAt !== 'number') return []
    return [{ by: issuedAt - learnedAt / 1000, issuer: String(columns['issuer'] ?? 'somebody') }]
  })
  const worst = ahead.sort((a, b) => b.by - a.by).at(0)
  if (worst === undefined) return ok('issuers', 'no link to compare clocks with')
  if (worst.by <= ALLOWED) {
    return ok('issuers', `none of the newest ${ahead.length} links is signed after it arrived`)
  }
  return warning(
    'issuers',
    `a link of ${worst.issuer} was signed ${Math.round(worst.by)} s after it arrived here`,
    'compare the clocks of this machine and of the issuer',
  )
}

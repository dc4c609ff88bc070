import { z } from 'zod'
import { MATCHER } from './matcher.ts'
import { REQUEST } from './request.ts'
import { CLOSE_REASONS, TRIAGE_STATES } from './states.ts'

const time = z.int().min(0)

const triage = z.strictObject({
  type: z.literal('triage'),
  at: time,
  by: z.string(),
  /** The findings, with the severity that they had: what gets graver later comes back. */
  findings: z.array(z.strictObject({ id: z.string(), severity: z.int() })).min(1),
  state: z.enum(TRIAGE_STATES).optional(),
  /** Empty for nobody. */
  assignee: z.string().optional(),
  reason: z.enum(CLOSE_REASONS).optional(),
  comment: z.string().optional(),
  until: time.optional(),
  request: REQUEST.optional(),
})

const suppress = z.strictObject({
  type: z.literal('suppress'),
  at: time,
  by: z.string(),
  id: z.string(),
  matcher: MATCHER,
  reason: z.string(),
  until: time,
  request: REQUEST.optional(),
})

const end = z.strictObject({
  type: z.literal('end'),
  at: time,
  by: z.string(),
  id: z.string(),
  request: REQUEST.optional(),
})

const record = z.discriminatedUnion('type', [triage, suppress, end])

/** What the journal keeps of a word about findings; times are epoch milliseconds. */
export type TriageRecord = z.infer<typeof record>
export type Word = z.infer<typeof triage>
export type Suppress = z.infer<typeof suppress>

export function triagePayload(value: TriageRecord): Buffer {
  return Buffer.from(JSON.stringify(value))
}

/** @throws where the payload is none of ours: the journal's checksum held, so another version wrote it. */
export function parseTriagePayload(payload: Uint8Array): TriageRecord {
  return record.parse(JSON.parse(Buffer.from(payload).toString('utf8')))
}

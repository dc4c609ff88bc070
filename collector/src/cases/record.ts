import { z } from 'zod'
import { REQUEST } from '../triage/request.ts'
import { CASE_ITEM_KINDS, CASE_STATES, MAX_WORD_ITEMS } from './words.ts'

const SUBJECT = { kind: z.enum(CASE_ITEM_KINDS), id: z.string() }
const item = z.strictObject({
  ...SUBJECT,
  note: z.string().optional(),
  /** Chain that its evidence was of when it was added. */
  chain: z.string().optional(),
})

const said = {
  at: z.int().min(0),
  by: z.string(),
  /** Of the case. */
  id: z.string(),
  request: REQUEST.optional(),
}

const record = z.discriminatedUnion('type', [
  z.strictObject({
    type: z.literal('open'),
    ...said,
    title: z.string(),
    comment: z.string().optional(),
    items: z.array(item).max(MAX_WORD_ITEMS),
  }),
  z.strictObject({
    type: z.literal('add'),
    ...said,
    items: z.array(item).min(1).max(MAX_WORD_ITEMS),
  }),
  z.strictObject({
    type: z.literal('take'),
    ...said,
    items: z.array(z.strictObject(SUBJECT)).min(1).max(MAX_WORD_ITEMS),
  }),
  z.strictObject({
    type: z.literal('change'),
    ...said,
    title: z.string().optional(),
    state: z.enum(CASE_STATES).optional(),
    comment: z.string().optional(),
  }),
])

/** What the journal keeps of a word about a case; times are epoch milliseconds. */
export type CaseRecord = z.infer<typeof record>
export type CaseItem = z.infer<typeof item>

export function casePayload(value: CaseRecord): Buffer {
  return Buffer.from(JSON.stringify(value))
}

/** @throws where the payload is none of ours: the journal's checksum held, so another version wrote it. */
export function parseCasePayload(payload: Uint8Array): CaseRecord {
  return record.parse(JSON.parse(Buffer.from(payload).toString('utf8')))
}

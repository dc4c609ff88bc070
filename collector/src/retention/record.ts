import { z } from 'zod'

/** What a hold is on: everything that hangs together with it stays. */
export const HELD_KINDS = ['chain', 'task', 'finding'] as const
export type HeldKind = (typeof HELD_KINDS)[number]

const text = z.string().min(1).max(1_024)
const time = z.int().min(0)

const holdSchema = z.strictObject({
  version: z.literal(1),
  type: z.enum(['hold', 'release']),
  /** Of the hold; a release names the hold that it ends. */
  id: text,
  /** Absent in a release. */
  what: z.enum(HELD_KINDS).optional(),
  target: text.optional(),
  reason: text,
  by: text,
  /** Epoch milliseconds. */
  at: time,
})

const retentionSchema = z.strictObject({
  version: z.literal(1),
  at: time,
  /** Evidence received before this time was looked at, epoch milliseconds. */
  before: time,
  /** Ranges of journal records that are gone; read by the journal itself. */
  bodies: z.array(z.tuple([z.int().min(1), z.int().min(1)])),
  /** Links that are gone, so that what cites one later is told so. */
  links: z.array(z.strictObject({ hash: text, chain: text.optional(), parent: text.optional() })),
  /** Findings, withdrawn before, and tasks that are gone. */
  findings: z.array(text),
  tasks: z.array(text),
})

export type HoldRecord = z.infer<typeof holdSchema>
export type RetentionRecord = z.infer<typeof retentionSchema>

export function holdPayload(record: HoldRecord): Buffer {
  return Buffer.from(JSON.stringify(record))
}

export function retentionPayload(record: RetentionRecord): Buffer {
  return Buffer.from(JSON.stringify(record))
}

/** @throws where it is none */
export function parseHold(payload: Uint8Array): HoldRecord {
  return holdSchema.parse(JSON.parse(Buffer.from(payload).toString('utf8')))
}

/** @throws where it is none */
export function parseRetention(payload: Uint8Array): RetentionRecord {
  return retentionSchema.parse(JSON.parse(Buffer.from(payload).toString('utf8')))
}

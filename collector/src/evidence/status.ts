import { textDigest } from '@delegraph/link'
import { z } from 'zod'
import type { StatusEvidence } from './types.ts'

const record = z.object({ uri: z.string(), text: z.string(), askedAt: z.int().nonnegative() })
type StatusRecord = z.infer<typeof record>

/** An answer as evidence: the same text at another time is another item. */
export function statusEvidence({ uri, text, askedAt }: StatusRecord): StatusEvidence {
  const id = textDigest(JSON.stringify([uri, askedAt, text]))
  return { kind: 'status', id, uri, text, askedAt }
}

/** What a journal record of kind `status` holds. */
export function statusPayload({ uri, text, askedAt }: StatusRecord): Uint8Array {
  return Buffer.from(JSON.stringify({ uri, text, askedAt }))
}

/** Reads it back. Throws for a record that {@link statusPayload} did not write. */
export function parseStatusPayload(payload: Uint8Array): StatusEvidence {
  return statusEvidence(record.parse(JSON.parse(Buffer.from(payload).toString('utf8'))))
}

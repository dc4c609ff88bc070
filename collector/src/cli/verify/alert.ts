import { z } from 'zod'
import { CollectorError } from '../../errors.ts'

/** What an alert says of its evidence. */
export interface ShippedAlert {
  /** Id of the finding. */
  readonly finding: string
  /** Of the file that `delegraph export` writes. */
  readonly sha256?: string
  /** That file, where the alert has it. */
  readonly inline?: string
  /** Why it does not. */
  readonly why?: string
}

const id = z.string().regex(/^[\w-]{1,128}$/)
const shipped = z.object({
  sha256: z
    .string()
    .regex(/^[0-9a-f]{64}$/)
    .optional(),
  inline: z.unknown().optional(),
  notInline: z.string().max(500).optional(),
})
/** A CloudEvent, as a webhook gets it. */
const cloudEvent = z.object({
  specversion: z.literal('1.0'),
  data: z.object({ finding: z.object({ id }), proof: shipped.optional() }),
})
/** A Detection Finding of OCSF. */
const ocsf = z.object({
  class_uid: z.literal(2004),
  finding_info: z.object({ uid_alt: id }),
  evidences: z.array(z.object({ data: z.object({ proof: shipped.optional() }) })).min(1),
})

/** @throws CollectorError `file_unreadable` for what is no alert of ours; it says nothing of the text */
export function shippedIn(text: string): ShippedAlert {
  const value = parsed(text)
  const event = cloudEvent.safeParse(value)
  if (event.success) return of(event.data.data.finding.id, event.data.data.proof)
  const line = ocsf.safeParse(value)
  if (line.success) return of(line.data.finding_info.uid_alt, line.data.evidences[0]?.data.proof)
  throw new CollectorError(
    'file_unreadable',
    'that is neither the body of a webhook nor a line of OCSF about one finding',
  )
}

function of(finding: string, proof: z.infer<typeof shipped> = {}): ShippedAlert {
  const { sha256, inline, notInline: why } = proof
  return {
    finding,
    ...(sha256 === undefined ? {} : { sha256 }),
    // As `export` writes it, which is what was hashed.
    ...(inline === undefined ? {} : { inline: `${JSON.stringify(inline)}\n` }),
    ...(why === undefined ? {} : { why }),
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw new CollectorError('file_unreadable', 'the alert is no JSON')
  }
}

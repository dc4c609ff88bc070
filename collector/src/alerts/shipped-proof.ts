import { createHash } from 'node:crypto'
import { DETECTORS } from '@delegraph/graph-schema'
import type { Finding } from '../findings/finding.ts'
import { VERSION } from '../version.ts'
import type { ShippedProof } from './cloud-event.ts'

/** Largest proof that is sent with an alert, bytes; a larger one is named by its hash. */
export const MAX_INLINE = 256 * 1024

/** What an alert carries of a proof; `text` is the file that `delegraph export` writes. */
export function shippedProof({ rule }: Pick<Finding, 'rule'>, text: string): ShippedProof {
  const bytes = Buffer.byteLength(text)
  return {
    rule: { id: rule, name: DETECTORS[rule], version: VERSION },
    sha256: createHash('sha256').update(text).digest('hex'),
    bytes,
    ...(bytes > MAX_INLINE ? {} : { inline: JSON.parse(text) as unknown }),
  }
}

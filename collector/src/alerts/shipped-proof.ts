import { createHash } from 'node:crypto'
import { isDeepStrictEqual } from 'node:util'
import { DETECTORS } from '@delegraph/graph-schema'
import type { Finding } from '../findings/finding.ts'
import type { NoProof, ProofFile } from '../project/proof.ts'
import { VERSION } from '../version.ts'
import type { ProofDetail } from './channel-settings.ts'
import type { ShippedProof } from './cloud-event.ts'
import { findingOfNode } from './finding-of-node.ts'

/** Largest proof that is sent with an alert, bytes; a larger one is named by its hash. */
export const MAX_INLINE = 256 * 1024

const GET_IT = 'get it by the command in "export"'

/**
 * What an alert carries of a proof. Signed texts cannot be redacted, so it is the hash alone unless the
 * channel is set to have everything.
 */
export function shippedProof(
  finding: Finding,
  file: ProofFile | NoProof,
  detail: ProofDetail,
): ShippedProof {
  const rule = { id: finding.rule, name: DETECTORS[finding.rule], version: VERSION }
  if (file === 'too_large') {
    return { rule, notInline: 'the finding rests on more evidence than one proof may hold' }
  }
  if (file === 'unknown' || !isOf(file, finding)) {
    const notInline = `the finding is not any more what is told here; its proof is of what it is now: ${GET_IT}`
    return { rule, notInline }
  }
  const bytes = Buffer.byteLength(file.text)
  const sha256 = createHash('sha256').update(file.text).digest('hex')
  if (detail === 'hash') {
    const notInline = `this channel is not set to have proofs, which hold disclosed arguments; ${GET_IT}`
    return { rule, sha256, bytes, notInline }
  }
  if (bytes > MAX_INLINE) {
    const notInline = `the proof is larger than the ${MAX_INLINE} bytes that an alert carries; ${GET_IT}`
    return { rule, sha256, bytes, notInline }
  }
  return { rule, sha256, bytes, inline: JSON.parse(file.text) as unknown }
}

/** Whether the proof is of the finding as it is told; the graph may have moved on since it was owed. */
function isOf({ finding: node }: ProofFile, finding: Finding): boolean {
  return node.columns['state'] === 'open' && isDeepStrictEqual(findingOfNode(node), finding)
}

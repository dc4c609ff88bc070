import { ATTR } from '@delegraph/graph-schema'
import { textDigest } from '@delegraph/link'
import { type Attributes, hashesIn } from './attributes.ts'
import { claimsOf } from './node.ts'
import type { ReportEvidence, SignedEvidence } from './types.ts'

/** What attributes say of links that the links do not: depth and parent. Otherwise they add nothing. */
export function* reports(
  signed: readonly SignedEvidence[],
  attributes: Attributes,
): Generator<ReportEvidence> {
  const depth = attributes[ATTR.depth]
  const [parent] = hashesIn(attributes, ATTR.parentHash)
  if (typeof depth !== 'number' && parent === undefined) return
  for (const item of signed) {
    const claims = item.kind === 'link' ? claimsOf(item.text) : undefined
    if (claims === undefined) continue
    const said = {
      ...(typeof depth === 'number' && claims['del_depth'] !== depth ? { depth } : {}),
      ...(parent !== undefined && claims['par_hash'] !== parent ? { parent } : {}),
    }
    if (Object.keys(said).length === 0) continue
    const link = item.artefact
    yield { kind: 'report', id: textDigest(JSON.stringify([link, said])), link, ...said }
  }
}

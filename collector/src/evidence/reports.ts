import { ATTR } from '@delegraph/graph-schema'
import { textDigest } from '@delegraph/link'
import { type Attributes, hashesIn } from './attributes.ts'
import { claimsOf } from './node.ts'
import type { AssertedEvidence, ReportEvidence, SignedEvidence } from './types.ts'

/**
 * What attributes say of links that the links do not: depth and parent. Otherwise they add nothing. An
 * unsigned link names no depth: what is said of it is kept, and held against its place.
 */
export function* reports(
  items: readonly (SignedEvidence | AssertedEvidence)[],
  attributes: Attributes,
): Generator<ReportEvidence> {
  const depth = attributes[ATTR.depth]
  const [parent] = hashesIn(attributes, ATTR.parentHash)
  if (typeof depth !== 'number' && parent === undefined) return
  for (const item of items) {
    const claims = claimsIn(item)
    if (claims === undefined) continue
    const said = {
      ...(typeof depth === 'number' && claims['del_depth'] !== depth ? { depth } : {}),
      ...(parent !== undefined && claims['par_hash'] !== parent ? { parent } : {}),
    }
    if (Object.keys(said).length === 0) continue
    const link = item.kind === 'asserted' ? item.id : item.artefact
    yield { kind: 'report', id: textDigest(JSON.stringify([link, said])), link, ...said }
  }
}

function claimsIn(
  item: SignedEvidence | AssertedEvidence,
): Readonly<Record<string, unknown>> | undefined {
  if (item.kind === 'link') return claimsOf(item.text)
  if (item.kind !== 'asserted' || item.record?.type !== 'link') return undefined
  const { parent } = item.record
  return parent === undefined ? {} : { par_hash: parent }
}

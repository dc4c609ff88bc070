import { sha256 } from '../crypto.ts'
import { textDigest } from '../jws.ts'
import type { ChainLink } from './chain-link.ts'

const LINEAGES = new WeakMap<ChainLink, string>()

/** Names a link under these ancestors under these anchors, by the digests of whole texts. */
export function lineageOf(link: ChainLink): string {
  const known = LINEAGES.get(link)
  if (known !== undefined) return known
  const above = link.parent === undefined ? link.anchors : lineageOf(link.parent)
  const lineage = lineageBelow(above, link.text)
  LINEAGES.set(link, lineage)
  return lineage
}

/** The same for a text that is not judged yet. */
export function lineageBelow(above: string, text: string): string {
  return sha256(`${above}.${textDigest(text)}`)
}

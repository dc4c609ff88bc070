import { boundedMap } from '../bounded-map.ts'
import type { LinkVerdict } from './chain-link.ts'

/** Verdicts on links, kept so that a new leaf under a known parent costs one signature. */
export interface LinkMemo {
  get(lineage: string): LinkVerdict | undefined
  set(lineage: string, verdict: LinkVerdict): void
  readonly size: number
}

/**
 * A bounded memo; the entry used longest ago is forgotten. Its keys are made of the digest of the
 * WHOLE text and the lineage of the parent, never of the link hash: the hash leaves the signature
 * out, so a known link sent again with a broken signature would pass, or would poison the true one.
 */
export function createLinkMemo(settings: { readonly max: number }): LinkMemo {
  return boundedMap<LinkVerdict>(settings.max)
}

import { outcomeOf } from '@delegraph/graph-schema'
import {
  boundedMap,
  jwkThumbprint,
  listsStatusHost,
  type StatusListVerdict,
  type Trust,
  verifyStatusList,
} from '@delegraph/link'
import type { StatusEvidence } from '../evidence/types.ts'

/** Inflated lists that are kept: each may have some megabytes. */
const KEPT = 16
const verdicts = new WeakMap<Trust, ReturnType<typeof boundedMap<StatusListVerdict>>>()

/**
 * Verifies an answer under the keys of the anchors that let its host serve their lists. An answer from a
 * host that nobody lists is `status_unknown:host`; one that came when its key was known to be compromised
 * counts for nothing, since its date may be made up.
 */
export function judgeStatusList(evidence: StatusEvidence, trust: Trust): StatusListVerdict {
  const known = verdicts.get(trust) ?? boundedMap<StatusListVerdict>(KEPT)
  verdicts.set(trust, known)
  const kept = known.get(evidence.id)
  if (kept !== undefined) return kept
  const verdict = judge(evidence, trust)
  known.set(evidence.id, verdict)
  return verdict
}

function judge({ uri, text, askedAt }: StatusEvidence, trust: Trust): StatusListVerdict {
  const listing = trust.anchors.filter((anchor) => listsStatusHost(anchor, uri))
  const stolen = trust.compromised.filter(({ since }) => since <= askedAt).map(({ jkt }) => jkt)
  const issuers = listing.filter(({ jwk }) => !stolen.includes(jwkThumbprint(jwk)))
  const verdict = verifyStatusList(text, { uri, askedAt, issuers })
  if (listing.length > 0) return verdict
  return { ...verdict, outcome: outcomeOf('status_unknown', 'host') }
}

/** Whether an issuer of roots lets this host serve its lists. */
export function isStatusHost(trust: Trust, issuer: string | undefined, uri: string): boolean {
  return trust.anchors.some((anchor) => anchor.iss === issuer && listsStatusHost(anchor, uri))
}

import type { Outcome } from '@delegraph/graph-schema'
import {
  decodeThirdParty,
  isFault,
  THIRD_PARTY_TYP,
  type ThirdPartyTyp,
  type Trust,
  verifyWorkloadIdentity,
} from '@delegraph/link'
import { statusEvidence } from '../../evidence/status.ts'
import type { StatusEvidence } from '../../evidence/types.ts'
import { judgeStatusList } from '../../verify/status-list.ts'

/** The type of a token that others make; undefined for all other texts. */
export function thirdPartyTyp(text: string): ThirdPartyTyp | undefined {
  const decoded = decodeThirdParty(text)
  return isFault(decoded) ? undefined : decoded.header.typ
}

/**
 * A status list token as the answer that it would be if it had come at `at`. It counts as the list that it
 * says it is: where it was served from, a file cannot show.
 */
export function statusListIn(text: string, at: number): StatusEvidence | undefined {
  const decoded = decodeThirdParty(text)
  if (isFault(decoded) || decoded.header.typ !== THIRD_PARTY_TYP.statusList) return undefined
  return statusEvidence({ uri: String(decoded.payload['sub']), text, askedAt: at })
}

/** Whether such a text verifies, whatever its time. */
export function thirdPartyOutcome(text: string, trust: Trust, at: number): Outcome {
  const list = statusListIn(text, at)
  if (list !== undefined) return judgeStatusList(list, trust).outcome
  return verifyWorkloadIdentity(text, trust.workloads).outcome
}

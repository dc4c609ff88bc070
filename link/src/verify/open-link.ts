import { LIMITS, TYP } from '../constants.ts'
import { type Fault, isFault } from '../fault.ts'
import { parseCanonical } from '../json/parse-canonical.ts'
import { type OpenedJws, openJws, signingInputHash } from '../jws.ts'
import { type ParsedLink, parseLinkClaims } from '../link-claims.ts'

/** A text taken apart. Nothing in it is believed before its signature holds. */
export interface OpenedLink {
  readonly text: string
  /** Absent for a text that has not three parts. */
  readonly hash: string | undefined
  readonly jws: OpenedJws | Fault
  /** What it says; a fault as well where the form is wrong. */
  readonly parsed: ParsedLink | Fault
}

/** Takes a text of at most 8 KiB apart: form and claims, no key and no signature. Never throws. */
export function openLink(text: string): OpenedLink {
  const jws = openJws(text, EXPECTED, ROOM)
  if (isFault(jws)) return { text, hash: signingInputHash(text), jws, parsed: jws }
  const payload = parseCanonical(jws.payload)
  const parsed = isFault(payload) ? payload : parseLinkClaims(payload.value)
  return { text, hash: jws.hash, jws, parsed }
}

/** For one payload after the other: each is used up before the next. */
const ROOM = Buffer.allocUnsafeSlow(LIMITS.linkSize)
const EXPECTED = { typ: [TYP.link], size: LIMITS.linkSize } as const

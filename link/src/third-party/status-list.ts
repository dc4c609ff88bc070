import { OK, type Outcome, outcomeOf } from '@delegraph/graph-schema'
import { decodeBase64url } from '../base64url.ts'
import { claimReader, present } from '../claim-reader.ts'
import { LIMITS, MAX_IAT_SKEW, THIRD_PARTY_TYP } from '../constants.ts'
import { type Fault, fault, isFault } from '../fault.ts'
import { inflate } from '../inflate.ts'
import type { JsonObject } from '../json/parse-canonical.ts'
import { isKeyInTime } from '../key-time.ts'
import type { StatusAnswer } from '../trust.ts'
import type { Anchor, TrustedIssuer } from '../types.ts'
import { formOf, openThirdParty, signersOf, type ThirdPartyForm } from './jwt.ts'

/** The claims of a status list token, draft-ietf-oauth-status-list-21 section 5.1. */
export interface StatusListClaims {
  readonly iss?: string
  /** The URI of the list. */
  readonly sub: string
  /** NumericDate. */
  readonly iat: number
  readonly exp?: number
  /** Seconds. */
  readonly ttl?: number
  readonly status_list: { readonly bits: StatusAnswer['bits']; readonly lst: string }
}

export interface StatusListVerdict extends ThirdPartyForm {
  readonly outcome: Outcome
  /** Present where the outcome is ok. */
  readonly answer?: StatusAnswer
  /** Those whose key signed it: it speaks for their tokens and nobody else's. */
  readonly issuers: readonly string[]
}

/**
 * Verifies the answer to one question: form, signature, claims, and only then the list itself, which is
 * inflated up to `LIMITS.statusListBytes` and never further. Never throws, whatever the text is.
 */
export function verifyStatusList(
  text: string,
  question: {
    /** The URI that a token names, without a query of our own; `sub` must equal it. */
    readonly uri: string
    readonly issuers: readonly TrustedIssuer[]
    /** NumericDate when it was asked: an answer from later than that is none. */
    readonly askedAt: number
  },
): StatusListVerdict {
  const form = formOf(text, LIMITS.statusListSize)
  const refused = ({ code, detail }: Fault): StatusListVerdict => ({
    ...form,
    outcome: outcomeOf(code, detail),
    issuers: [],
  })
  const size = LIMITS.statusListSize
  const jwt = openThirdParty(text, { typ: [THIRD_PARTY_TYP.statusList], size })
  if (isFault(jwt)) return refused(jwt)
  const signers = signersOf(jwt, question.issuers)
  if (isFault(signers)) return refused(signers)
  const claims = parseStatusList(jwt.payload)
  if (isFault(claims)) return refused(claims)
  const named = signers.filter(({ iss }) => claims.iss === undefined || claims.iss === iss)
  if (named.length === 0) return refused(fault('issuer_mismatch'))
  const inTime = named.filter((issuer) => isKeyInTime(issuer, claims.iat))
  if (inTime.length === 0) return refused(fault('issuer_untrusted', 'key_out_of_time'))
  if (claims.sub !== question.uri) return refused(fault('status_unknown', 'sub'))
  if (claims.iat > question.askedAt + MAX_IAT_SKEW) return refused(fault('not_yet_valid'))
  const answer = answerOf(claims)
  if (isFault(answer)) return refused(answer)
  return { ...form, outcome: OK, answer, issuers: [...new Set(inTime.map(({ iss }) => iss))] }
}

/** Whether an anchor lets a list be served from the host of this URI; https, the port included. */
export function listsStatusHost(anchor: Anchor, uri: string): boolean {
  const url = URL.parse(uri)
  return url?.protocol === 'https:' && (anchor.status_hosts ?? []).includes(url.host)
}

/**
 * The time in which an answer holds: from `iat` to the earlier of `exp` and `iat + ttl`. One that
 * names neither speaks of the second in which it was made.
 */
function answerOf(claims: StatusListClaims): StatusAnswer | Fault {
  const { sub, iat, exp, ttl, status_list: list } = claims
  const ends = [exp, ttl === undefined ? undefined : iat + ttl].filter((end) => end !== undefined)
  const compressed = decodeBase64url(list.lst)
  if (!(compressed instanceof Uint8Array)) return fault('malformed', 'lst')
  const bytes = inflate(compressed, LIMITS.statusListBytes)
  if (!(bytes instanceof Uint8Array))
    return bytes.refused === 'too_large' ? fault('oversized', 'lst') : fault('malformed', 'lst')
  return {
    uri: sub,
    bits: list.bits,
    from: iat,
    until: ends.length === 0 ? iat + 1 : Math.min(...ends),
    value: (idx) => valueAt(bytes, list.bits, idx),
  }
}

/** Entries fill each byte from its least significant bit on. */
function valueAt(bytes: Uint8Array, bits: number, idx: number): number | undefined {
  const first = idx * bits
  const byte = bytes[Math.floor(first / 8)]
  return byte === undefined ? undefined : (byte >> (first % 8)) & ((1 << bits) - 1)
}

function parseStatusList(payload: JsonObject): StatusListClaims | Fault {
  const reader = claimReader(payload)
  const list = claimReader(reader.object('status_list'), { reader, detail: 'status_list' })
  const bits = BITS.find((size) => size === list.raw('bits'))
  if (bits === undefined) list.fail('bits')
  const claims: StatusListClaims = {
    sub: reader.text('sub', 2048),
    iat: reader.int('iat'),
    status_list: { bits: bits ?? 1, lst: list.text('lst', LIMITS.statusListSize) },
    ...present({
      iss: reader.optional('iss', (name) => reader.text(name)),
      exp: reader.optional('exp', (name) => reader.int(name)),
      ttl: reader.optional('ttl', (name) => reader.int(name)),
    }),
  }
  if (claims.ttl === 0) reader.fail('ttl')
  if (claims.exp !== undefined && claims.exp <= claims.iat) reader.fail('exp')
  return reader.fault ?? claims
}

const BITS = [1, 2, 4, 8] as const

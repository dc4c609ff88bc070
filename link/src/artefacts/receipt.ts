import { type ClaimReader, claimReader, HASH, present } from '../claim-reader.ts'
import { TYP } from '../constants.ts'
import { type Fault, fault } from '../fault.ts'
import type { JsonObject } from '../json/parse-canonical.ts'
import {
  type ArtefactKind,
  type ArtefactVerdict,
  type HolderSigning,
  type ServiceSigning,
  type SignedArtefact,
  type SignedBy,
  signArtefact,
  verifyArtefact,
} from './artefact.ts'
import { actionHashFits, type DisclosedCall, readDisclosedCall } from './call-claims.ts'

export type ReceiptStatus = 'ok' | 'failed' | 'denied' | 'unknown'

/**
 * What the acting agent, or the tool's server, signs about one call: the step from a valid link on
 * a span, which proves nothing about its sender, to proof.
 */
export interface ReceiptClaims extends DisclosedCall {
  readonly iss: string
  /** The collector. */
  readonly aud: string
  readonly jti: string
  readonly iat: number
  /** The task; present with `aat_hash`. */
  readonly txn?: string
  /** The link acted under; absent where an agent acts on its own standing permission. */
  readonly aat_hash?: string
  /** Names the agent where there is no link. */
  readonly act?: { readonly sub: string }
  readonly aat_tool: string
  /** The enforcement point; absent where the call stays in its process. */
  readonly aat_aud?: string
  readonly action_hash: string
  readonly pop_hash?: string
  /** Hashes of the approvals used; several where the link asks for several. */
  readonly apr_hash?: string | readonly string[]
  readonly dec_hash?: string
  readonly result: { readonly status: ReceiptStatus; readonly out_hash?: string }
  readonly trace?: { readonly trace_id: string; readonly span_id: string }
  /** Agent ids and data hashes seen to set an argument or the choice of operation. */
  readonly drivers?: readonly string[]
  /** Hash of the credential used, never the credential. */
  readonly credential?: string
  /** Keyed hashes of what the call was given and of what it gave back. */
  readonly data_in?: readonly string[]
  readonly data_out?: readonly string[]
  /** What it was done to. */
  readonly resource?: string
  readonly session?: string
  /** What it was for, a short code. */
  readonly purpose?: string
  /** The principal that the agent acts for by its own word; `''` for nobody. */
  readonly on_behalf_of?: string
  /** Let through for where it ran: nothing presented was checked. */
  readonly zone?: true
  /** It changes grants, policies, agents or secrets. */
  readonly control?: true
}

/** Signs a receipt under the holder's key, or as a tool's server with `kid` and `iss`. */
export function signReceipt(
  receipt: HolderSigning<ReceiptClaims> | ServiceSigning<ReceiptClaims>,
): SignedArtefact<ReceiptClaims> {
  return signArtefact(RECEIPT, receipt, receipt.claims)
}

/**
 * Verifies a receipt under the key of the link's holder, or under those of tool servers. Whether
 * it fits its span and its link is for the caller: `trace_mismatch`, `receipt_mismatch`.
 */
export function verifyReceipt(text: string, by: SignedBy): ArtefactVerdict<ReceiptClaims> {
  return verifyArtefact(RECEIPT, text, by)
}

const RECEIPT: ArtefactKind<ReceiptClaims> = {
  typ: TYP.receipt,
  untrusted: 'issuer_untrusted',
  parse: parseReceipt,
}

const TRACE_ID = /^(?!0{32})[0-9a-f]{32}$/
const SPAN_ID = /^(?!0{16})[0-9a-f]{16}$/

function readHashes(reader: ClaimReader, name: string): readonly string[] {
  const hashes = reader.texts(name)
  if (!hashes.every((hash) => HASH.test(hash))) reader.fail(name)
  return hashes
}

function parseReceipt(payload: JsonObject): ReceiptClaims | Fault {
  const reader = claimReader(payload)
  const result = reader.nested('result', ['out_hash', 'status'])
  const claims: ReceiptClaims = {
    iss: reader.text('iss'),
    aud: reader.text('aud'),
    jti: reader.text('jti'),
    iat: reader.int('iat'),
    aat_tool: reader.text('aat_tool'),
    action_hash: reader.matching('action_hash', HASH),
    result: {
      status: result.oneOf('status', ['ok', 'failed', 'denied', 'unknown']),
      ...present({
        out_hash: result.optional('out_hash', (name) => result.matching(name, HASH)),
      }),
    },
    ...present({
      txn: reader.optional('txn', (name) => reader.text(name)),
      aat_hash: reader.optional('aat_hash', (name) => reader.matching(name, HASH)),
      act: reader.optional('act', (name) => ({ sub: reader.nested(name, ['sub']).text('sub') })),
      aat_aud: reader.optional('aat_aud', (name) => reader.text(name)),
      pop_hash: reader.optional('pop_hash', (name) => reader.matching(name, HASH)),
      apr_hash: reader.optional('apr_hash', (name) => reader.textOrTexts(name)),
      dec_hash: reader.optional('dec_hash', (name) => reader.matching(name, HASH)),
      trace: reader.optional('trace', (name) => {
        const trace = reader.nested(name, ['span_id', 'trace_id'])
        return {
          trace_id: trace.matching('trace_id', TRACE_ID),
          span_id: trace.matching('span_id', SPAN_ID),
        }
      }),
      drivers: reader.optional('drivers', (name) => reader.texts(name)),
      credential: reader.optional('credential', (name) => reader.text(name)),
      data_in: reader.optional('data_in', (name) => readHashes(reader, name)),
      data_out: reader.optional('data_out', (name) => readHashes(reader, name)),
      resource: reader.optional('resource', (name) => reader.text(name)),
      session: reader.optional('session', (name) => reader.text(name)),
      purpose: reader.optional('purpose', (name) => reader.text(name)),
      on_behalf_of: reader.optional('on_behalf_of', (name) =>
        reader.raw(name) === '' ? '' : reader.text(name),
      ),
      zone: reader.optional('zone', (name) => reader.oneOf(name, [true])),
      control: reader.optional('control', (name) => reader.oneOf(name, [true])),
    }),
    ...readDisclosedCall(reader),
  }
  if (![claims.apr_hash ?? []].flat().every((hash) => HASH.test(hash))) reader.fail('apr_hash')
  if (claims.aat_hash === undefined && claims.act === undefined) reader.fail('aat_hash')
  if (claims.aat_hash !== undefined && claims.txn === undefined) reader.fail('txn')
  if (reader.fault !== undefined) return reader.fault
  const { aat_aud: aud = '', aat_tool: tool, action_hash } = claims
  const fits = actionHashFits({ aud, tool, action_hash, disclosed: claims })
  return fits ? claims : fault('receipt_mismatch', 'action_hash')
}

/**
 * Evidence as the collector keeps it: one item per distinct content, keyed by its digest, so that
 * spans and log records that carry the same bytes are one item in whatever order they arrive.
 */

export type SignedKind =
  | 'link'
  | 'receipt'
  | 'approval'
  | 'decision'
  | 'revocation'
  | 'completion'
  | 'credential'
  | 'identity'

/** A signed text as it arrived. It is kept whatever it holds: a bad one is stored with its verdict. */
export interface SignedEvidence {
  readonly kind: SignedKind
  /** Digest of the whole text: two spellings of one signature are two items. */
  readonly id: string
  /** Hash of the signing input; equals `id` where the text has no signing input. */
  readonly artefact: string
  /** The text; absent where it is larger than the format allows (the journal keeps the bytes). */
  readonly text?: string
  /** Characters of the text. */
  readonly size: number
  /** True where the sender named a larger size, or the text was masked: cut on its way. */
  readonly truncated: boolean
  /** The span it belongs to, `traceId-spanId`, where the carrier says so. */
  readonly action?: string
}

/** What a span or a receipt's span attributes say about one call; unsigned. */
export interface CallFacts {
  readonly trace: string
  readonly span: string
  readonly parentSpan?: string
  readonly name: string
  /** Epoch milliseconds. */
  readonly startedAt: number
  readonly endedAt: number
  readonly statusError: boolean
  readonly agent?: string
  readonly tool?: string
  readonly audience?: string
  readonly task?: string
  readonly chain?: string
  readonly link?: string
  readonly actionHash?: string
  /** Canonical JSON text of the disclosed arguments. */
  readonly args?: string
  readonly argNames?: readonly string[]
  readonly rest?: string
  readonly credential?: string
  readonly drivers: readonly string[]
  readonly delegator?: string
  readonly assertedApproval?: string
  readonly assertedApprover?: string
  /** Hashes of the signed texts on the span. */
  readonly approvals: readonly string[]
  readonly decisions: readonly string[]
  readonly receipts: readonly string[]
  /** The span carries `delegation.*`: somebody instrumented it. Otherwise it was only observed. */
  readonly instrumented: boolean
  /** Trace or span id missing or all zero: the call cannot be joined with anything. */
  readonly idsInvalid: boolean
}

export interface CallEvidence {
  readonly kind: 'span'
  readonly id: string
  /** `traceId-spanId`. */
  readonly action: string
  readonly facts: CallFacts
}

export interface RegistryEvidence {
  readonly kind: 'registry'
  readonly id: string
  readonly text: string
}

/** The trust roots as they were from one journal record on. */
export interface TrustEvidence {
  readonly kind: 'trust'
  readonly id: string
  readonly text: string
  /** The journal record: the latest is in force. */
  readonly seq: number
}

/** What a status list answered, whatever it was. */
export interface StatusEvidence {
  readonly kind: 'status'
  readonly id: string
  /** The URI that links name. */
  readonly uri: string
  readonly text: string
  /** NumericDate. */
  readonly askedAt: number
}

export type Evidence =
  | SignedEvidence
  | CallEvidence
  | RegistryEvidence
  | TrustEvidence
  | StatusEvidence

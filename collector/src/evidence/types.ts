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

/**
 * A token of another kind, or an OCSF record of a delegation, as it is kept. A text that somebody else
 * could use as it stands is never among it: a token that is bound to no key has lost its signature.
 */
export interface ForeignEvidence {
  readonly kind: 'foreign'
  readonly form: 'jwt' | 'ocsf'
  /** Digest of the content and of the span it came with. */
  readonly id: string
  /** Hash of the signing input, or of the identity of an OCSF delegation. */
  readonly artefact: string
  /** A compact JWT, or canonical JSON of what an OCSF record says; absent where it is neither. */
  readonly text?: string
  /** The DPoP proof that came with a token. */
  readonly proof?: string
  /** Characters of the text, or of what came instead of one. */
  readonly size: number
  /** It came with a signature that anybody could have used, and lost it here. */
  readonly stripped: boolean
  readonly action?: string
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
  | ForeignEvidence
  | StatusEvidence

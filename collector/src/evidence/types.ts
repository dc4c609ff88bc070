import type { AssertedRecord } from './asserted.ts'

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
  /** The running instance that sent it, at most 255 characters. */
  readonly instance?: string
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
  readonly resource?: string
  readonly session?: string
  readonly purpose?: string
  /** The principal that the agent says it acts for; `''` for nobody. */
  readonly onBehalfOf?: string
  /** Accepted for where it ran. */
  readonly zone?: true
  /** It changes grants, policies, agents or secrets. */
  readonly control?: true
  /** Keyed hashes of what it was given, and of what it gave back. */
  readonly dataIn?: readonly string[]
  readonly dataOut?: readonly string[]
  readonly credential?: string
  readonly drivers: readonly string[]
  readonly delegator?: string
  readonly assertedApproval?: string
  readonly assertedApprover?: string
  /** How it ended, by the word of a framework. */
  readonly assertedEffect?: 'ok' | 'failed' | 'denied'
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

/** Data that an agent says it wrote, read, sent or received outside a call; unsigned. */
export interface MovementFacts {
  readonly trace: string
  readonly span: string
  readonly op: MovementOp
  /** Epoch milliseconds. */
  readonly at: number
  readonly agent?: string
  /** From whom it was received, or to whom it was sent. */
  readonly peer?: string
  readonly resource?: string
  /** Keyed hashes, sorted. */
  readonly data: readonly string[]
  readonly task?: string
  readonly session?: string
  /** Hash of the link in force. */
  readonly link?: string
}

export const MOVEMENT_OPS = ['wrote', 'read', 'sent', 'received'] as const
export type MovementOp = (typeof MOVEMENT_OPS)[number]

export interface MovementEvidence {
  readonly kind: 'movement'
  readonly id: string
  readonly facts: MovementFacts
}

/** An unsigned statement; `record` is absent where it has not the form of one. */
export interface AssertedEvidence {
  readonly kind: 'asserted'
  /** Digest of its canonical JSON: what others cite it by. */
  readonly id: string
  readonly text: string
  readonly record?: AssertedRecord
}

/** A span or record that gives a link another depth or another parent than the link itself. */
export interface ReportEvidence {
  readonly kind: 'report'
  readonly id: string
  readonly link: string
  readonly depth?: number
  /** Hash of the link that it is said to lie under. */
  readonly parent?: string
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
  | MovementEvidence
  | AssertedEvidence
  | ReportEvidence
  | RegistryEvidence
  | TrustEvidence
  | ForeignEvidence
  | StatusEvidence

import { claimReader, HASH } from '../claim-reader.ts'
import { TYP } from '../constants.ts'
import type { Fault } from '../fault.ts'
import type { JsonObject } from '../json/parse-canonical.ts'
import type { PublicJwk } from '../types.ts'
import {
  type ArtefactKind,
  type ArtefactVerdict,
  type HolderSigning,
  type SignedArtefact,
  signArtefact,
  verifyArtefact,
} from './artefact.ts'

/** Ends a task: later receipts of it are `task_completed`. */
export interface CompletionClaims {
  readonly iss: string
  /** The collector. */
  readonly aud: string
  readonly jti: string
  readonly iat: number
  readonly txn: string
  /** The root link. */
  readonly aat_hash: string
}

/** Signs the end of a task under the key of the root link's holder. */
export function signCompletion(
  completion: HolderSigning<CompletionClaims>,
): SignedArtefact<CompletionClaims> {
  return signArtefact(COMPLETION, completion, completion.claims)
}

/** Verifies the end of a task under the key of the root link's holder. */
export function verifyCompletion(
  text: string,
  holder: PublicJwk,
): ArtefactVerdict<CompletionClaims> {
  return verifyArtefact(COMPLETION, text, holder)
}

const COMPLETION: ArtefactKind<CompletionClaims> = {
  typ: TYP.completion,
  untrusted: 'issuer_untrusted',
  parse: parseCompletion,
}

function parseCompletion(payload: JsonObject): CompletionClaims | Fault {
  const reader = claimReader(payload)
  const claims: CompletionClaims = {
    iss: reader.text('iss'),
    aud: reader.text('aud'),
    jti: reader.text('jti'),
    iat: reader.int('iat'),
    txn: reader.text('txn'),
    aat_hash: reader.matching('aat_hash', HASH),
  }
  return reader.fault ?? claims
}

import { existsSync } from 'node:fs'
import { join } from 'node:path'
import {
  isFault,
  type Json,
  narrows,
  type PublicJwk,
  parsePublicJwk,
  signingInputHash,
  type ToolGrants,
  verifyChain,
} from '@delegraph/link'
import { isArgumentMap } from '../../link/src/constraints/well-formed.ts'
import { verifySignature } from '../../link/src/crypto.ts'
import { FOLDER, readVectors } from './folder.ts'

/**
 * The JWS vectors of draft-niyikiza-oauth-attenuating-agent-tokens-02, where a copy lies in the
 * folder: `aat-jws-vectors.json` of `tenuo-ai/tenuo`. The draft leaves out what the strict profile
 * asks for, so no chain of theirs is a chain of ours; what can be compared is compared piece by piece.
 */
const NAME = 'aat-jws-vectors.json'

export const HAS_AAT = FOLDER !== undefined && existsSync(join(FOLDER, NAME))

interface BareKey {
  readonly kty: 'OKP'
  readonly crv: 'Ed25519'
  readonly x: string
}

interface Vector {
  readonly id: string
  readonly now: number
  readonly chain_compact: readonly string[]
  readonly chain: readonly { readonly payload: { readonly [name: string]: Json } }[]
  readonly expected: { readonly verdict: 'PERMIT' | 'DENY'; readonly step: string | null }
}

export interface AatFile {
  readonly trust_anchors: readonly { readonly iss: string; readonly jwk: BareKey }[]
  readonly vectors: readonly Vector[]
}

/** One vector: what our pieces say of it, and what the strict profile does. */
export interface AatCase {
  readonly id: string
  readonly expected: string
  /** The strict profile's outcome code, or `ok`. */
  readonly strict: string
  /** Signatures, `par_hash` and narrowing by our pieces; undefined for steps they are not about. */
  readonly agrees: boolean | undefined
}

export function aatCases(file: AatFile = readVectors<AatFile>(NAME)): readonly AatCase[] {
  return file.vectors.map((vector) => {
    const { verdict, step } = vector.expected
    return {
      id: vector.id,
      expected: step === null ? verdict : `${verdict} ${step}`,
      strict: strictCode(vector, file),
      agrees: agrees(vector, file),
    }
  })
}

function strictCode(vector: Vector, file: AatFile): string {
  const anchors = file.trust_anchors.map(({ iss, jwk }) => ({
    iss,
    kid: 'anchor',
    jwk: withAlg(jwk),
  }))
  const { outcome } = verifyChain(vector.chain_compact, { anchors, at: vector.now })
  if (outcome.state === 'ok' || outcome.state === 'not_applicable') return 'ok'
  return outcome.detail === undefined ? outcome.code : `${outcome.code}:${outcome.detail}`
}

/** The steps of the draft's section 8 that our pieces answer for: 3b, 3n, 4b, 4o, 4p and 4q. */
function agrees(vector: Vector, file: AatFile): boolean | undefined {
  const { verdict, step } = vector.expected
  const passed = verdict === 'PERMIT' || /^[67]/.test(step ?? '')
  if (passed)
    return signaturesHold(vector, file) && linked(vector) && wellFormed(vector) && narrowed(vector)
  if (step === null) return undefined
  if (/^3b|^4b/.test(step)) return !signaturesHold(vector, file)
  if (step.startsWith('4q')) return !linked(vector)
  if (step.startsWith('4p')) return wellFormed(vector) && !narrowed(vector)
  // A number that is no double is lost when the file is parsed: the text says it, the payload no more.
  if (step.startsWith('3n')) return vector.id === 'J.8.9' ? undefined : !wellFormed(vector)
  return undefined
}

function signaturesHold(vector: Vector, file: AatFile): boolean {
  return vector.chain_compact.every((text, index) => {
    const above = vector.chain[index - 1]?.payload['cnf'] as { jwk?: BareKey } | undefined
    const jwk = index === 0 ? file.trust_anchors[0]?.jwk : above?.jwk
    const key = jwk === undefined ? undefined : parsePublicJwk(withAlg(jwk))
    if (key === undefined || isFault(key)) return false
    const end = text.lastIndexOf('.')
    const signature = Buffer.from(text.slice(end + 1), 'base64url')
    return verifySignature(key, Buffer.from(text.slice(0, end)), signature)
  })
}

function linked(vector: Vector): boolean {
  return vector.chain_compact.every((_, index) => {
    const above = vector.chain_compact[index - 1]
    const hash = vector.chain[index]?.payload['par_hash']
    return hash === (above === undefined ? undefined : signingInputHash(above))
  })
}

function toolsOf(vector: Vector): readonly { readonly [tool: string]: Json }[] {
  return vector.chain.map(({ payload }) => {
    const details = payload['authorization_details'] as readonly { tools?: never }[] | undefined
    return details?.[0]?.tools ?? {}
  })
}

function wellFormed(vector: Vector): boolean {
  return toolsOf(vector).every((tools) => Object.values(tools).every(isArgumentMap))
}

function narrowed(vector: Vector): boolean {
  const tools = toolsOf(vector) as readonly ToolGrants[]
  return tools.every((child, index) => {
    const parent = tools[index - 1]
    return parent === undefined || narrows(parent, child).ok
  })
}

/** The draft's keys have no `alg`; the profile's must. */
function withAlg({ kty, crv, x }: BareKey): PublicJwk {
  return { kty, crv, x, alg: 'Ed25519' }
}

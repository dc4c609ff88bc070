import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { type Outcome, outcomeText } from '@delegraph/graph-schema'
import {
  type Arguments,
  type PublicJwk,
  verifyChain,
  verifyPlainPresentation,
} from '@delegraph/link'
import { FOLDER, readVectors } from './folder.ts'

/**
 * The JWS vectors of draft-niyikiza-oauth-attenuating-agent-tokens-02, where a copy lies in the
 * folder: `aat-jws-vectors.json` of `tenuo-ai/tenuo`. They are run in the mode of the plain draft, and
 * once more under the strict profile, whose chain none of them is.
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
  readonly tool: string
  readonly args: Arguments
  readonly policy: {
    readonly require_pop_aud?: boolean
    readonly require_chain_aud?: boolean
    readonly nonce?: string
  }
  readonly chain_compact: readonly string[]
  readonly pop: { readonly compact: string }
  readonly expected: { readonly verdict: 'PERMIT' | 'DENY'; readonly step: string | null }
}

export interface AatFile {
  readonly params: {
    readonly max_token_lifetime: number
    readonly max_delegation_depth: number
    readonly audience: string
  }
  readonly trust_anchors: readonly { readonly iss: string; readonly jwk: BareKey }[]
  readonly vectors: readonly Vector[]
}

/** One vector: what its authors expect, and what each of our two modes says. */
export interface AatCase {
  readonly id: string
  readonly verdict: 'PERMIT' | 'DENY'
  /** The step of the draft's section 8 at which it must be refused. */
  readonly step: string
  /** The outcome of the mode of the plain draft, `ok` or a code. */
  readonly plain: string
  /** The strict profile's. */
  readonly strict: string
}

export function aatCases(file: AatFile = readVectors<AatFile>(NAME)): readonly AatCase[] {
  const anchors = file.trust_anchors.map(({ iss, jwk }) => ({
    iss,
    kid: 'anchor',
    jwk: withAlg(jwk),
  }))
  return file.vectors.map((vector) => {
    const { id, chain_compact: texts, now: at, policy, tool, args, pop, expected } = vector
    const plain = verifyPlainPresentation(texts, {
      anchors,
      at,
      tool,
      args,
      pop: pop.compact,
      audience: file.params.audience,
      maxDepth: file.params.max_delegation_depth,
      maxLifetime: file.params.max_token_lifetime,
      requirePopAudience: policy.require_pop_aud === true,
      requireChainAudience: policy.require_chain_aud === true,
      ...(policy.nonce === undefined ? {} : { nonce: policy.nonce }),
    })
    return {
      id,
      verdict: expected.verdict,
      step: expected.step ?? '',
      plain: code(plain),
      strict: code(verifyChain(texts, { anchors, at }).outcome),
    }
  })
}

/** `not_narrower:widened` for `failed:not_narrower:widened`. */
function code(outcome: Outcome): string {
  return outcomeText(outcome).replace(/^(failed|unknown):/, '')
}

/** The draft's keys have no `alg`; configured ones must. */
function withAlg({ kty, crv, x }: BareKey): PublicJwk {
  return { kty, crv, x, alg: 'Ed25519' }
}

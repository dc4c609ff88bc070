import { type PopClaims, type SignedArtefact, signPop } from '@delegraph/link'
import type { Chain } from '../link/chain.ts'
import type { Proposal } from './proposal.ts'
import type { Runtime } from './runtime.ts'

/**
 * A fresh proof of possession for one request of a call. Undefined where there is no chain whose key
 * could be proved, and where none can be signed (arguments too large, a key that is away): that is
 * counted, and the call goes on for the service to judge.
 */
export function proofOf(
  { key, recorder }: Pick<Runtime, 'key' | 'recorder'>,
  chain: Chain | undefined,
  { tool, audience, args }: Proposal,
): SignedArtefact<PopClaims> | undefined {
  if (chain === undefined) return undefined
  const iat = Math.floor(Date.now() / 1000)
  const link = { aat_id: chain.leaf.jti, aat_hash: chain.hash }
  const claims = { ...link, aat_tool: tool, aat_aud: audience, hta: args, iat }
  try {
    return signPop({ signer: key, claims })
  } catch {
    recorder.failed('pop_failed', `no proof of possession could be signed for a call of ${tool}`)
    return undefined
  }
}

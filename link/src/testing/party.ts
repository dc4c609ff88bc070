import { generateKeyPairSync } from 'node:crypto'
import type { NewLink, NewRoot } from '../issue.ts'
import { nodeSigner, type Signer } from '../signer.ts'
import type { Alg, Anchor, ToolGrants } from '../types.ts'

/** Parts for the tests of this package: fresh keys, and links with every default filled in. */

export function party(alg: Alg = 'Ed25519'): Signer {
  const pair =
    alg === 'Ed25519'
      ? generateKeyPairSync('ed25519')
      : generateKeyPairSync('ec', { namedCurve: 'P-256' })
  return nodeSigner(pair.privateKey)
}

export const IAT = 1795400000
export const DEPLOY = 'https://ops.example.com/mcp#deploy'
export const TOOLS: ToolGrants = {
  [DEPLOY]: { service: { constraint_type: 'one_of', values: ['staging', 'canary'] } },
}

export function anchorOf(signer: Signer): Anchor {
  return { iss: 'https://auth.example.com', kid: 'root', jwk: signer.jwk }
}

export function rootBy(signer: Signer, holder: Signer, change: Partial<NewRoot> = {}): NewRoot {
  return {
    signer,
    iss: 'https://auth.example.com',
    kid: 'root',
    sub: 'u_alice',
    holder: holder.jwk,
    act: { sub: 'agent:planner', sub_profile: 'ai_agent' },
    tools: TOOLS,
    iat: IAT,
    ...change,
  }
}

export function linkBy(signer: Signer, holder: Signer, change: Partial<NewLink> = {}): NewLink {
  return {
    signer,
    holder: holder.jwk,
    act: { sub: 'agent:worker', sub_profile: 'ai_agent' },
    tools: TOOLS,
    iat: IAT + 10,
    ...change,
  }
}

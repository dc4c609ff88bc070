import { generateKeyPairSync } from 'node:crypto'
import {
  type Json,
  nodeSigner,
  type Signer,
  signingInputHash,
  signJws,
  TYP,
  thumbprintUri,
  uuidv7,
} from '@delegraph/link'

const TOOLS = ['status', 'deploy', 'refund', 'read', 'export', 'restart'].map(
  (name) => `https://tools.example.com/mcp#${name}`,
)

interface Signed {
  readonly text: string
  readonly hash: string
}

/**
 * One planner that hands all its tools on to many workers, each of which hands on to two helpers: an honest
 * tree, as large as a busy day, signed link by link.
 */
export function wideTree(workers: number, root: Signer): Signed[] {
  const iat = Math.floor(Date.now() / 1_000) - 60
  const shared = { sub: 'person:alice', txn: uuidv7(iat * 1_000), iat, exp: iat + 3_600 }
  const links: Signed[] = []
  const give = (to: string, depth: number, signer: Signer, above?: Signed) => {
    const holder = nodeSigner(generateKeyPairSync('ed25519').privateKey)
    const claims = {
      ...shared,
      iss: depth === 0 ? 'https://auth.example.com' : thumbprintUri(signer.jwk),
      jti: uuidv7(iat * 1_000),
      act: { sub: `agent:${to}`, sub_profile: 'ai_agent' },
      cnf: { jwk: holder.jwk },
      authorization_details: [
        {
          type: 'attenuating_agent_token',
          tools: Object.fromEntries(TOOLS.slice(depth).map((tool) => [tool, {}])),
        },
      ],
      del_depth: depth,
      del_max_depth: 5,
      ...(above === undefined ? {} : { par_hash: above.hash }),
    }
    const header = { alg: signer.alg, typ: TYP.link, ...(depth === 0 ? { kid: 'root' } : {}) }
    const text = signJws(header, claims as unknown as Json, signer)
    const link = { text, hash: signingInputHash(text) ?? '' }
    links.push(link)
    return { link, holder }
  }
  const top = give('wide-planner', 0, root)
  for (let worker = 0; worker < workers; worker += 1) {
    const below = give(`worker-${worker}`, 1, top.holder, top.link)
    for (const helper of ['a', 'b']) give(`helper-${worker}-${helper}`, 2, below.holder, below.link)
  }
  return links
}

import { signingInputHash, signJws, type ToolGrants, TYP, uuidv7 } from '@delegraph/link'
import type { Chain, Key } from '@delegraph/sdk'

/**
 * The same chain, but its last link grants these tools, whatever the link above it grants: what a changed build of the
 * agent that signed it can write. The SDK neither makes such a link nor takes one.
 */
export function widened(chain: Chain, signer: Key, tools: ToolGrants): Chain {
  const [detail] = chain.leaf.authorization_details
  const leaf = {
    ...chain.leaf,
    jti: uuidv7(Date.now()),
    authorization_details: [{ ...detail, tools }] as const,
  }
  const text = signJws({ alg: signer.alg, typ: TYP.link }, JSON.parse(JSON.stringify(leaf)), signer)
  const hash = signingInputHash(text) ?? ''
  const links = [...chain.links.slice(0, -1), { text, hash, claims: leaf }]
  return {
    ...{ id: chain.id, task: chain.task, hash, leaf, links },
    texts: links.map((link) => link.text),
    hashes: links.map((link) => link.hash),
  }
}

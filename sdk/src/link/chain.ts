import {
  type IssuedLink,
  type LinkClaims,
  type LinkLimits,
  limitsOf,
  type PublicJwk,
} from '@delegraph/link'

/** Links in order from the root: what an agent holds and acts under. An immutable value. */
export interface Chain {
  /** The signed links, root first: what travels to the delegate. */
  readonly texts: readonly string[]
  /** Their hashes, root first. */
  readonly hashes: readonly string[]
  /** Hash of the root: names the whole tree of links. */
  readonly id: string
  /** Hash of the last link, the one in force. */
  readonly hash: string
  /** Claims of the last link. */
  readonly leaf: LinkClaims
  /** The task, `txn` of every link. */
  readonly task: string
  readonly links: readonly IssuedLink[]
}

/** The agent that a link is for: its id and the public half of its key. */
export interface Holder {
  /** Agent id, a URI: `agent:worker`, a SPIFFE id. */
  readonly agent: string
  readonly jwk: PublicJwk
  /** `ai_agent` where absent. */
  readonly kind?: 'ai_agent' | 'service'
}

export function chainOf(links: readonly [IssuedLink, ...IssuedLink[]]): Chain {
  const [root] = links
  const last = links.at(-1) ?? root
  return Object.freeze({
    texts: Object.freeze(links.map((link) => link.text)),
    hashes: Object.freeze(links.map((link) => link.hash)),
    id: root.hash,
    hash: last.hash,
    leaf: last.claims,
    task: last.claims.txn,
    links: Object.freeze([...links]),
  })
}

export function extended(chain: Chain, link: IssuedLink): Chain {
  const [root, ...others] = chain.links
  return chainOf(root === undefined ? [link] : [root, ...others, link])
}

/** What each link of the chain grants, root first. */
export function grantsOf(chain: Chain): readonly LinkLimits[] {
  return chain.links.map((link) => limitsOf(link.claims))
}

/** Whether the last link is bound to this key. */
export function isHeldBy(chain: Chain, jwk: PublicJwk): boolean {
  return sameKey(chain.leaf.cnf.jwk, jwk)
}

/** A coordinate has one spelling in the profile, so that text decides. */
export function sameKey(a: PublicJwk, b: PublicJwk): boolean {
  if (a.kty === 'OKP') return b.kty === 'OKP' && a.x === b.x
  return b.kty === 'EC' && a.x === b.x && a.y === b.y
}

import { type Fault, fault, isFault } from '../fault.ts'
import { type HolderKey, parsePublicJwk } from '../jwk.ts'
import { checkSignature, type OpenedJws } from '../jws.ts'
import type { Anchor } from '../types.ts'

type KeyedAnchor = Omit<Anchor, 'jwk'> & HolderKey

/** That a signature holds; `anchor` says under whose key, where the link is a root. */
export interface LinkSigner {
  /** The anchor of this `iss` among those whose key made the signature, or the first. */
  anchor(iss: string): KeyedAnchor | undefined
}

/** The holder that the parent names signed. */
const BY_HOLDER: LinkSigner = { anchor: () => undefined }

/**
 * Checks the signature of an opened link under the key that its parent names, or, of a root, under
 * an anchor chosen by `kid` among the configured ones. No key and no key location is ever taken
 * from a token.
 */
export function findSigner(
  jws: OpenedJws | Fault,
  holder: HolderKey | undefined,
  anchors: readonly Anchor[],
): LinkSigner | Fault {
  if (isFault(jws)) return jws
  if (holder === undefined) return findAnchor(jws, anchors)
  if (jws.header.kid !== undefined) return fault('malformed', 'header')
  return checkSignature(jws, holder) ?? BY_HOLDER
}

/** One key may stand for several issuers: all that verify are kept until the claims are read. */
function findAnchor(jws: OpenedJws, anchors: readonly Anchor[]): LinkSigner | Fault {
  const { kid } = jws.header
  if (kid === undefined) return fault('issuer_untrusted', 'kid_absent')
  const named = anchors.filter((anchor) => anchor.kid === kid)
  if (named.length === 0) return fault('issuer_untrusted', 'kid_unknown')
  const holding: KeyedAnchor[] = []
  let first: Fault | undefined
  for (const anchor of named) {
    const keyed = keyedAnchor(anchor)
    const wrong = isFault(keyed) ? keyed : checkSignature(jws, keyed)
    if (wrong === undefined && !isFault(keyed)) holding.push(keyed)
    else first ??= wrong
  }
  const [some] = holding
  if (some === undefined) return first ?? fault('signature_invalid')
  return { anchor: (iss) => holding.find((one) => one.iss === iss) ?? some }
}

/** Anchors are configuration and do not change; their keys are read once. */
const KEYED = new WeakMap<Anchor, KeyedAnchor | Fault>()

function keyedAnchor(anchor: Anchor): KeyedAnchor | Fault {
  const known = KEYED.get(anchor)
  if (known !== undefined) return known
  const key = parsePublicJwk(anchor.jwk)
  const keyed = isFault(key) ? configured(key) : { ...anchor, ...key }
  KEYED.set(anchor, keyed)
  return keyed
}

/** A configured key that cannot be read is our trouble, not the link's. */
function configured(wrong: Fault): Fault {
  return wrong.code === 'weak_key' ? wrong : fault('key_unavailable', 'anchor')
}

const IDS = new WeakMap<readonly Anchor[], string>()
let count = 0

/** A name for one set of anchors, so that a verdict under other anchors is never reused. */
export function anchorsId(anchors: readonly Anchor[]): string {
  const known = IDS.get(anchors)
  if (known !== undefined) return known
  count += 1
  const id = `anchors-${count}`
  IDS.set(anchors, id)
  return id
}

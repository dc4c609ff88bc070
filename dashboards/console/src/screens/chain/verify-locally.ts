/** One link of a path as the collector names it. */
export interface PathLink {
  readonly hash: string
  readonly parentHash: string | null
}

/** What this browser found out about one signed text by itself. */
export interface LocalCheck {
  readonly hash: string
  /** Whether the text hashes to the name that the collector gives it; undefined without a text. */
  readonly named: boolean | undefined
  /** Whether it says itself that it was issued under the link above; undefined at a root. */
  readonly under: boolean | undefined
  readonly signature: 'holds' | 'wrong' | 'no key' | 'no text' | 'not supported'
}

interface Opened {
  readonly header: Record<string, unknown>
  readonly claims: Record<string, unknown>
  readonly input: string
  readonly signature: Uint8Array<ArrayBuffer>
}

/**
 * Checks signed links with WebCrypto, root first: the name of each text (SHA-256 of its signing input), that
 * it names its parent, and its signature under the key that the parent names in `cnf.jwk`. The root's key comes
 * from whoever reads, never from a text and never from the collector. Whether a grant is inside its parent,
 * times and revocation are not looked at: `delegraph verify` does all of it.
 */
export async function verifyPath(
  path: readonly PathLink[],
  texts: ReadonlyMap<string, string>,
  rootKeys: readonly JsonWebKey[],
): Promise<LocalCheck[]> {
  const checks: LocalCheck[] = []
  let keys = rootKeys
  for (const { hash, parentHash } of path) {
    const opened = openText(texts.get(hash))
    if (opened === undefined) {
      checks.push({ hash, named: undefined, under: undefined, signature: 'no text' })
      keys = []
      continue
    }
    const signature = await checkSignature(opened, keys)
    const isRoot = parentHash === null
    checks.push({
      hash,
      named: (await digestOf(opened.input)) === hash,
      under: isRoot ? undefined : opened.claims['par_hash'] === parentHash,
      signature,
    })
    keys = signature === 'holds' ? holderOf(opened) : []
  }
  return checks
}

/** Header and claims of a compact JWS as they are written; nothing of it is verified. */
export function openText(text: string | undefined): Opened | undefined {
  const [header, payload, signature, ...rest] = text?.split('.') ?? []
  if (header === undefined || payload === undefined || signature === undefined) return undefined
  if (rest.length > 0) return undefined
  try {
    return {
      header: JSON.parse(utf8(header)) as Record<string, unknown>,
      claims: JSON.parse(utf8(payload)) as Record<string, unknown>,
      input: `${header}.${payload}`,
      signature: bytesOf(signature),
    }
  } catch {
    return undefined
  }
}

/** Public keys in what somebody pasted: a JWK, a key set, or a trust file with its anchors. */
export function keysIn(text: string, kid: unknown): JsonWebKey[] {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    return []
  }
  const found: JsonWebKey[] = []
  const visit = (node: unknown, name: unknown): void => {
    if (typeof node !== 'object' || node === null) return
    const item = node as Record<string, unknown>
    const known = item['kid'] ?? name
    if (typeof item['kty'] === 'string') {
      if (known === undefined || known === kid) found.push(item as JsonWebKey)
      return
    }
    for (const inner of Object.values(item)) visit(inner, known)
  }
  // Of a trust file only the anchors: an approver's key is not one that may sign a root.
  const anchors = (value as { readonly anchors?: unknown } | null)?.anchors
  visit(anchors ?? value, undefined)
  return found
}

function holderOf({ claims }: Opened): JsonWebKey[] {
  const confirmation = claims['cnf'] as { readonly jwk?: JsonWebKey } | undefined
  return confirmation?.jwk === undefined ? [] : [confirmation.jwk]
}

async function checkSignature(
  { header, input, signature }: Opened,
  keys: readonly JsonWebKey[],
): Promise<LocalCheck['signature']> {
  if (keys.length === 0) return 'no key'
  const data = new TextEncoder().encode(input)
  for (const { kty, crv, x, y, alg } of keys) {
    // `alg` must be the key's own: a text does not choose how it is checked.
    if (alg !== header['alg'] || kty === undefined || crv === undefined || x === undefined) continue
    const [own, use]: [EcKeyImportParams | Algorithm, EcdsaParams | Algorithm] =
      alg === 'ES256'
        ? [
            { name: 'ECDSA', namedCurve: 'P-256' },
            { name: 'ECDSA', hash: 'SHA-256' },
          ]
        : [{ name: 'Ed25519' }, { name: 'Ed25519' }]
    const jwk = { kty, crv, x, ...(y === undefined ? {} : { y }) }
    try {
      const key = await crypto.subtle.importKey('jwk', jwk, own, false, ['verify'])
      if (await crypto.subtle.verify(use, key, signature, data)) return 'holds'
    } catch (error) {
      if (error instanceof DOMException && error.name === 'NotSupportedError')
        return 'not supported'
    }
  }
  return 'wrong'
}

async function digestOf(text: string): Promise<string> {
  const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text))
  const binary = String.fromCharCode(...new Uint8Array(digest))
  return btoa(binary).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '')
}

function bytesOf(base64url: string): Uint8Array<ArrayBuffer> {
  const binary = atob(base64url.replaceAll('-', '+').replaceAll('_', '/'))
  return Uint8Array.from(binary, (character) => character.charCodeAt(0))
}

function utf8(base64url: string): string {
  return new TextDecoder('utf-8', { fatal: true }).decode(bytesOf(base64url))
}

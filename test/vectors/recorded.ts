import type { KeyObject } from 'node:crypto'
import { verify } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'

export const FILE = new URL('links.json', import.meta.url)

/**
 * The ES256 signature that the vector file already holds for these bytes under this key. ES256 is
 * not deterministic: without this, writing the file anew would change every second line of it.
 */
export function recordedSignature(data: Uint8Array, key: KeyObject): Uint8Array | undefined {
  const signatures = RECORDED.get(Buffer.from(data).toString()) ?? []
  // Of a signature and its (r, n - s) twin always the same one, or the two would take turns.
  return signatures
    .filter((signature) => verify('sha256', data, { key, dsaEncoding: 'ieee-p1363' }, signature))
    .sort(Buffer.compare)[0]
}

interface Signed {
  readonly text: string
}

const RECORDED = read()

function read(): ReadonlyMap<string, readonly Uint8Array[]> {
  const found = new Map<string, Uint8Array[]>()
  if (!existsSync(FILE)) return found
  const file: { texts: string[]; artefacts: Signed[]; third_party?: Signed[] } = JSON.parse(
    readFileSync(FILE, 'utf8'),
  )
  const single = [...file.artefacts, ...(file.third_party ?? [])].map(({ text }) => text)
  for (const text of [...file.texts, ...single]) {
    const end = text.lastIndexOf('.')
    const signature = Buffer.from(text.slice(end + 1), 'base64url')
    if (signature.length !== 64) continue
    const input = text.slice(0, end)
    found.set(input, [...(found.get(input) ?? []), signature])
  }
  return found
}

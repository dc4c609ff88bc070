import { deflateSync } from 'node:zlib'
import { encodeBase64url } from '../base64url.ts'
import type { Signer } from '../signer.ts'
import type { Json } from '../types.ts'

/** Tokens as others make them: any JSON, members in any order. */
export function foreignText(
  header: Readonly<Record<string, Json>>,
  payload: string | Readonly<Record<string, Json>>,
  signer: Pick<Signer, 'sign'>,
): string {
  const body = typeof payload === 'string' ? payload : JSON.stringify(payload)
  const input = `${encodeBase64url(JSON.stringify(header))}.${encodeBase64url(body)}`
  return `${input}.${encodeBase64url(signer.sign(Buffer.from(input)))}`
}

/** `lst` of a list in which the entries named have these values and all others have 0. */
export function packed(
  bits: number,
  entries: number,
  values: Readonly<Record<number, number>>,
): string {
  const bytes = Buffer.alloc(Math.ceil((entries * bits) / 8))
  for (const [idx, value] of Object.entries(values)) {
    const first = Number(idx) * bits
    const at = Math.floor(first / 8)
    bytes[at] = (bytes[at] ?? 0) | (value << (first % 8))
  }
  return encodeBase64url(deflateSync(bytes, { level: 9 }))
}

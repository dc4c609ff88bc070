import { createHash } from 'node:crypto'
import { createReadStream, writeFileSync } from 'node:fs'
import { stat } from 'node:fs/promises'
import { basename } from 'node:path'
import { CompactSign, compactVerify, importJWK, type JWK } from 'jose'
import { z } from 'zod'
import { CollectorError } from '../errors.ts'
import { VERSION } from '../version.ts'
import { algOf, keyIn, textIn } from './key-file.ts'

/** A signature beside a file that is handed over: who gave it, when, and that it is whole. */
export interface Handover {
  readonly file: string
  /** Hexadecimal. */
  readonly sha256: string
  readonly bytes: number
  /** ISO 8601. */
  readonly at: string
  /** Version of Delegraph. */
  readonly by: string
}

const TYP = 'delegraph-handover+jws'
const MAX_SIGNATURE = 16 * 1024

const handover = z.object({
  file: z.string(),
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
  bytes: z.int().nonnegative(),
  at: z.iso.datetime(),
  by: z.string(),
})

/** Where the signature of a file lies. */
export function signatureOf(file: string): string {
  return `${file}.jws`
}

/** Signs a file with a private key of `delegraph keygen`. @throws CollectorError `file_unreadable` */
export async function signFile(file: string, keyFile: string, now: number): Promise<string> {
  const jwk = keyIn(keyFile)
  if (typeof jwk.d !== 'string')
    throw new CollectorError('file_unreadable', `${keyFile} has no private key`)
  const payload: Handover = {
    file: basename(file),
    ...(await digestOf(file)),
    at: new Date(now).toISOString(),
    by: VERSION,
  }
  const text = await new CompactSign(Buffer.from(JSON.stringify(payload)))
    .setProtectedHeader({ alg: algOf(jwk, keyFile), typ: TYP, ...kidOf(jwk) })
    .sign(await importJWK(jwk, algOf(jwk, keyFile)))
  const path = signatureOf(file)
  writeFileSync(path, `${text}\n`)
  return path
}

/**
 * What the signature beside a file says, where it is of this file by one of these keys: a public key or a set of them.
 *
 * @throws CollectorError `file_unreadable`; `not_verified` where it is of another file, or by another key
 */
export async function verifyFile(file: string, keysFile: string): Promise<Handover> {
  const text = textIn(signatureOf(file), MAX_SIGNATURE).trim()
  for (const jwk of keysIn(keysFile)) {
    const alg = algOf(jwk, keysFile)
    const { d: _, ...open } = jwk
    const key = await importJWK(open as JWK, alg)
    const found = await compactVerify(text, key, { algorithms: [alg] }).catch(() => undefined)
    if (found?.protectedHeader.typ !== TYP) continue
    const said = handover.safeParse(JSON.parse(Buffer.from(found.payload).toString('utf8')))
    const { sha256, bytes } = await digestOf(file)
    if (said.success && said.data.sha256 === sha256 && said.data.bytes === bytes) return said.data
    throw new CollectorError('not_verified', `${file} is not the file that was signed`)
  }
  throw new CollectorError('not_verified', `${signatureOf(file)} is by none of these keys`)
}

async function digestOf(
  file: string,
): Promise<{ readonly sha256: string; readonly bytes: number }> {
  const hash = createHash('sha256')
  try {
    for await (const part of createReadStream(file)) hash.update(part as Buffer)
    return { sha256: hash.digest('hex'), bytes: (await stat(file)).size }
  } catch (cause) {
    throw new CollectorError('file_unreadable', `cannot read ${file}`, { cause })
  }
}

function keysIn(file: string): readonly JWK[] {
  const jwk = keyIn(file) as JWK & { readonly keys?: unknown }
  return Array.isArray(jwk.keys) ? (jwk.keys.slice(0, 100) as JWK[]) : [jwk]
}

function kidOf({ kid }: JWK): { readonly kid?: string } {
  return typeof kid === 'string' ? { kid } : {}
}

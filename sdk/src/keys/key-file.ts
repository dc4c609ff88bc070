import { readFile, writeFile } from 'node:fs/promises'
import { SdkError } from '../errors.ts'
import { exportPrivateJwk, importKey, type Key } from './key.ts'

/**
 * Loads a private key from a file that holds one JWK, or from the JWK itself.
 *
 * Throws `SdkError` `key_unreadable` or `key_invalid`.
 */
export async function loadKey(
  source: string | URL | Readonly<Record<string, unknown>>,
): Promise<Key> {
  if (typeof source !== 'string' && !(source instanceof URL)) return importKey(source)
  return importKey(parse(await read(source)))
}

/**
 * Writes a private key as JWK to a new file that only its owner reads (mode 0600).
 *
 * Throws `SdkError` `key_exists` where there is a file already, or `key_unwritable`.
 */
export async function saveKey(key: Key, path: string | URL): Promise<void> {
  const text = `${JSON.stringify(await exportPrivateJwk(key))}\n`
  try {
    await writeFile(path, text, { mode: 0o600, flag: 'wx' })
  } catch (cause) {
    if (isCode(cause, 'EEXIST'))
      throw new SdkError('key_exists', `${String(path)} exists and is left as it is`)
    throw new SdkError('key_unwritable', `cannot write ${String(path)}`, { cause })
  }
}

/** A JWK takes some 250 characters; whatever is longer is another file. */
const MAX_SIZE = 16 * 1024

async function read(path: string | URL): Promise<string> {
  try {
    const bytes = await readFile(path)
    if (bytes.length <= MAX_SIZE) return bytes.toString('utf8')
  } catch (cause) {
    throw new SdkError('key_unreadable', `cannot read ${String(path)}`, { cause })
  }
  throw new SdkError('key_invalid', `${String(path)} is too large for a key`)
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    // JSON.parse quotes what it could not read: that may be the key.
    throw new SdkError('key_invalid', 'the key file is not JSON')
  }
}

function isCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code
}

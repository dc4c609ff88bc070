import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type Key, saveKey } from '../index.ts'

/** The private members of keys, read from the only place that has them: saved files. */
export async function privateTexts(keys: readonly Key[], folder: string): Promise<string[]> {
  return Promise.all(
    keys.map(async (key) => {
      const path = join(folder, `${key.thumbprint}.jwk`)
      await saveKey(key, path)
      const jwk: unknown = JSON.parse(await readFile(path, 'utf8'))
      const secret: unknown = typeof jwk === 'object' && jwk !== null ? Reflect.get(jwk, 'd') : ''
      return String(secret)
    }),
  )
}

/**
 * Every text of the bytes, and of what is base64url inside it: a signed text shows its payload to
 * whoever decodes it, so that a search must do so too.
 */
export function unfolded(bytes: Buffer): string {
  const text = bytes.toString('latin1')
  const inner = text.match(/[A-Za-z0-9_-]{24,}/g) ?? []
  return [text, ...inner.map((part) => Buffer.from(part, 'base64url').toString('latin1'))].join(
    '\n',
  )
}

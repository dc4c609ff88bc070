import { readFileSync } from 'node:fs'
import type { JWK } from 'jose'
import { CollectorError } from '../errors.ts'

const MAX_KEY = 64 * 1024

/**
 * A JWK, or a set of them, as a file has it, or standard input for `-`; what is wrong with it is said without a word
 * of what is in it.
 *
 * @throws CollectorError `file_unreadable`, also for more than 64 KiB
 */
export function keyIn(file: string): JWK {
  try {
    return { ...(JSON.parse(textIn(file, MAX_KEY)) as JWK) }
  } catch (cause) {
    if (cause instanceof CollectorError) throw cause
    // What the parser says repeats the text.
    throw new CollectorError('file_unreadable', `${file} is no JSON`)
  }
}

/** What such a key signs by. @throws CollectorError `file_unreadable` for a key of another curve */
export function algOf({ crv }: JWK, file: string): 'Ed25519' | 'ES256' {
  if (crv === 'Ed25519') return 'Ed25519'
  if (crv === 'P-256') return 'ES256'
  throw new CollectorError('file_unreadable', `${file} has no Ed25519 or P-256 key`)
}

/** The text of a file of at most `max` bytes. @throws CollectorError `file_unreadable` */
export function textIn(file: string, max: number): string {
  let bytes: Buffer
  try {
    bytes = readFileSync(file === '-' ? 0 : file)
  } catch (cause) {
    throw new CollectorError('file_unreadable', `cannot read ${file}`, { cause })
  }
  if (bytes.length > max) throw new CollectorError('file_unreadable', `${file} is too large`)
  return bytes.toString('utf8')
}

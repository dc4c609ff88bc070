import { readFileSync } from 'node:fs'
import { CollectorError } from '../errors.ts'

const MAX_BYTES = 8 * 1024 * 1024

/** The text of a file, or of standard input for `-`. @throws CollectorError `file_unreadable` */
export function readInput(path: string): string {
  try {
    const bytes = readFileSync(path === '-' ? 0 : path)
    if (bytes.length > MAX_BYTES) {
      throw new CollectorError('file_unreadable', `${path} is larger than 8 MiB`)
    }
    return bytes.toString('utf8').trim()
  } catch (cause) {
    if (cause instanceof CollectorError) throw cause
    throw new CollectorError('file_unreadable', `cannot read ${path}`, { cause })
  }
}

/** Compact signed texts in a file: one alone, one a line, or a JSON list or `aat_chain` member. */
export function signedTexts(input: string): string[] {
  if (!input.startsWith('[') && !input.startsWith('{')) {
    return input.split(/\s+/).filter((line) => line !== '')
  }
  let value: unknown
  try {
    value = JSON.parse(input)
  } catch (cause) {
    throw new CollectorError('file_unreadable', 'the input is neither signed text nor JSON', {
      cause,
    })
  }
  const list = Array.isArray(value) ? value : (value as { aat_chain?: unknown }).aat_chain
  if (!Array.isArray(list) || !list.every((item) => typeof item === 'string')) {
    throw new CollectorError(
      'file_unreadable',
      'JSON input must be a list of signed texts, or have one as "aat_chain"',
    )
  }
  return list
}

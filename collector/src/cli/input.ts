import { readFileSync } from 'node:fs'
import { CollectorError } from '../errors.ts'

const MAX_BYTES = 8 * 1024 * 1024

/** The text of a file without the space around it, or of standard input for `-`. @throws CollectorError `file_unreadable` */
export function readInput(path: string): string {
  return readWhole(path).trim()
}

/** The same as it stands: lines are counted in it. @throws CollectorError `file_unreadable` */
export function readWhole(path: string): string {
  try {
    const bytes = readFileSync(path === '-' ? 0 : path)
    if (bytes.length > MAX_BYTES) {
      throw new CollectorError('file_unreadable', `${path} is larger than 8 MiB`)
    }
    return bytes.toString('utf8')
  } catch (cause) {
    if (cause instanceof CollectorError) throw cause
    throw new CollectorError('file_unreadable', `cannot read ${path}`, { cause })
  }
}

/**
 * Compact signed texts in a file: one alone, one a line, a JSON list, or a JSON object that holds them
 * anywhere down to the fourth level, such as `{"aat_chain": [...], "receipt": "..."}`; in that order.
 */
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
  const found = Array.isArray(value) && value.every(isText) ? value : textsIn(value, DEPTH)
  if (found.length === 0) {
    throw new CollectorError('file_unreadable', 'no signed text was found in the JSON input')
  }
  return found
}

const DEPTH = 4
const MAX_TEXTS = 10_000
/** Three parts of base64url; the last is empty where a signature was taken out. */
const COMPACT =
  /^(?:[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+|eyJ[A-Za-z0-9_-]*\.[A-Za-z0-9_-]+\.)$/

function textsIn(value: unknown, depth: number): string[] {
  if (isText(value)) return COMPACT.test(value) ? [value] : []
  if (typeof value !== 'object' || value === null || depth === 0) return []
  const found = Object.values(value).flatMap((member) => textsIn(member, depth - 1))
  if (found.length > MAX_TEXTS) {
    throw new CollectorError('file_unreadable', `more than ${MAX_TEXTS} signed texts`)
  }
  return found
}

function isText(value: unknown): value is string {
  return typeof value === 'string'
}

import { readFileSync } from 'node:fs'
import { CollectorError } from '../errors.ts'

const MAX_BYTES = 1024 * 1024

/** A small file. @throws CollectorError `file_unreadable`, `config_invalid` */
export function readText(path: string): string {
  let bytes: Buffer
  try {
    bytes = readFileSync(path)
  } catch (cause) {
    throw new CollectorError('file_unreadable', `cannot read ${path}`, { cause })
  }
  if (bytes.length > MAX_BYTES) {
    throw new CollectorError('config_invalid', `${path} is larger than 1 MiB`)
  }
  return bytes.toString('utf8')
}

/** A secret file's first line. @throws CollectorError `file_unreadable` */
export function readSecret(path: string): string {
  return (readText(path).split('\n')[0] ?? '').trim()
}

import { readFileSync } from 'node:fs'
import { CollectorError } from '../errors.ts'

const MAX_BYTES = 1024 * 1024
const WHY: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file',
  EACCES: 'this user may not read it',
  EISDIR: 'it is a folder',
}

/** A small file. @throws CollectorError `file_unreadable`, `config_invalid` */
export function readText(path: string): string {
  let bytes: Buffer
  try {
    bytes = readFileSync(path)
  } catch (cause) {
    const code = (cause as NodeJS.ErrnoException).code ?? ''
    const why = WHY[code] ?? code
    throw new CollectorError('file_unreadable', `cannot read ${path}: ${why}`, { cause })
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

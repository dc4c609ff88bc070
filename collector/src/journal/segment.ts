import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import { JournalError } from './errors.ts'
import type { JournalFileSystem } from './file-system.ts'

/** One file of the journal. */
export interface Segment {
  /** Sequence number of its first record. */
  readonly first: number
  readonly path: string
  /** What each of its records begins with. */
  readonly mark: Buffer
}

/** Bytes that no text, number or compressed body is likely to begin with, and the format's version. */
const MAGIC = Buffer.from([0xd1, 0xe6, 0x4a, 0x02])
/** What the name of a copy ends with that is being written. */
export const PART = '.part'
const NAME = /^(\d{16})-([0-9a-f]{16})\.journal$/

/**
 * A segment that is not there yet. Its name carries the first sequence number and the random part of
 * its mark: damage inside the file cannot touch either.
 */
export function newSegment(dir: string, first: number): Segment {
  const secret = randomBytes(8)
  const name = `${String(first).padStart(16, '0')}-${secret.toString('hex')}.journal`
  return { first, path: join(dir, name), mark: Buffer.concat([MAGIC, secret]) }
}

/**
 * The segments in a folder, in order.
 *
 * @throws JournalError `journal_unreadable` for a segment whose name says nothing: to pass over it
 *   would be to lose what it holds
 */
export async function listSegments(fs: JournalFileSystem, dir: string): Promise<Segment[]> {
  const names = await fs.list(dir)
  return names
    .filter((name) => name.endsWith('.journal'))
    .map((name) => {
      const [, first, secret] = NAME.exec(name) ?? []
      if (first === undefined || secret === undefined) {
        throw new JournalError('journal_unreadable', `${name} in ${dir} is not a segment we know`)
      }
      const mark = Buffer.concat([MAGIC, Buffer.from(secret, 'hex')])
      return { first: Number(first), path: join(dir, name), mark }
    })
    .sort((a, b) => a.first - b.first)
}

import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { createReadStream, createWriteStream } from 'node:fs'
import { createInterface } from 'node:readline'
import type { Writable } from 'node:stream'
import { finished } from 'node:stream/promises'
import { z } from 'zod'
import { CollectorError } from '../errors.ts'
import type { JournalRecord, NewRecord } from '../journal/index.ts'
import { RECORD_KINDS } from '../journal/record.ts'
import { parseRetention, retentionPayload } from '../retention/record.ts'

/**
 * A journal as a file: NDJSON. The first line names the format, each further one is a record with its
 * payload in base64, the last one has the number of records and the SHA-256 of all lines before it, so
 * that a file that was cut or changed on the way is not taken for a whole one.
 */
export const FORMAT = 'delegraph-journal/1'

const kinds = Object.keys(RECORD_KINDS) as [NewRecord['kind'], ...NewRecord['kind'][]]
const name = z.string().max(255)
const recordLine = z.strictObject({
  kind: z.enum(kinds),
  receivedAt: z.int().min(0),
  tenant: name,
  contentType: name,
  contentEncoding: name,
  payload: z.base64(),
})
const endLine = z.strictObject({ records: z.int().min(0), sha256: z.string().length(64) })

const WHY: Readonly<Record<string, string>> = {
  EEXIST: 'there is such a file already, and it is not written over',
  ENOENT: 'there is no such folder',
  EACCES: 'this user may not write there',
  ENOSPC: 'the disk is full',
}

/** Writes records to a file, or to a stream that is left open. Gives how many; `unknown` ones are left out. */
export async function writeJournalFile(
  records: AsyncIterable<JournalRecord>,
  target: string | Writable,
  onRecord: (done: number) => void = () => {},
): Promise<number> {
  const out =
    typeof target === 'string' ? createWriteStream(target, { mode: 0o600, flags: 'wx' }) : target
  const hash = createHash('sha256')
  const write = async (value: object): Promise<void> => {
    const line = `${JSON.stringify(value)}\n`
    hash.update(line)
    if (!out.write(line)) await once(out, 'drain')
  }
  // A file that cannot be made must end the waiting for it.
  const failed = new Promise<never>((_, reject) => out.once('error', reject))
  const run = async (): Promise<number> => {
    let done = 0
    await write({ format: FORMAT })
    for await (const {
      kind,
      receivedAt,
      tenant,
      contentType,
      contentEncoding,
      payload,
    } of records) {
      if (kind === 'unknown') continue
      const text = (kind === 'retention' ? withoutBodies(payload) : Buffer.from(payload)).toString(
        'base64',
      )
      await write({ kind, receivedAt, tenant, contentType, contentEncoding, payload: text })
      done += 1
      onRecord(done)
    }
    await write({ records: done, sha256: hash.copy().digest('hex') })
    return done
  }
  try {
    const done = await Promise.race([run(), failed])
    if (typeof target === 'string') await finished(out.end())
    return done
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException
    const why = WHY[code ?? '']
    const message = `the export could not be written${why === undefined ? '' : `: ${why}`}`
    throw new CollectorError('file_unreadable', message, { cause })
  }
}

/** Its numbers are those of this journal, and what they name is not in the file. */
function withoutBodies(payload: Uint8Array): Buffer {
  return retentionPayload({ ...parseRetention(payload), bodies: [] })
}

/**
 * Reads such a file through and believes nothing of it yet.
 *
 * @returns how many records it has
 * @throws CollectorError `file_unreadable` where it is no such file, was cut or changed
 */
export async function checkJournalFile(path: string): Promise<number> {
  const hash = createHash('sha256')
  let end: z.infer<typeof endLine> | undefined
  let records = -1
  for await (const { line, value } of linesOf(path)) {
    if (end !== undefined) throw damaged(path, 'goes on behind its end')
    const last = endLine.safeParse(value)
    if (last.success) {
      end = last.data
      if (end.records !== records) throw damaged(path, 'has another number of records than it says')
      if (end.sha256 !== hash.digest('hex')) throw damaged(path, 'was changed')
      continue
    }
    if (records === -1) {
      if ((value as { format?: unknown } | null)?.format !== FORMAT)
        throw damaged(path, `is no ${FORMAT}`)
    } else if (!recordLine.safeParse(value).success) {
      throw damaged(path, `has a line ${records + 2} that is no record`)
    }
    hash.update(`${line}\n`)
    records += 1
  }
  if (end === undefined) throw damaged(path, 'ends too early')
  return end.records
}

/** The records of a file that was checked, in order. */
export async function* readJournalFile(path: string): AsyncGenerator<NewRecord> {
  for await (const { value } of linesOf(path)) {
    const parsed = recordLine.safeParse(value)
    if (!parsed.success) continue
    yield { ...parsed.data, payload: Buffer.from(parsed.data.payload, 'base64') }
  }
}

async function* linesOf(
  path: string,
): AsyncGenerator<{ readonly line: string; readonly value: unknown }> {
  const input = createReadStream(path)
  try {
    for await (const line of createInterface({ input, crlfDelay: Number.POSITIVE_INFINITY })) {
      yield { line, value: JSON.parse(line) }
    }
  } catch (cause) {
    if (cause instanceof CollectorError) throw cause
    throw damaged(
      path,
      cause instanceof SyntaxError ? 'is no NDJSON, or was cut' : 'cannot be read',
    )
  } finally {
    input.destroy()
  }
}

function damaged(path: string, what: string): CollectorError {
  return new CollectorError('file_unreadable', `${path} ${what}`)
}

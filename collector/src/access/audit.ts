import { appendFile, rename, stat } from 'node:fs/promises'
import type { AuditEntry } from './audit-entry.ts'
import { openCrowd } from './crowd.ts'

export interface Audit extends AsyncDisposable {
  /** Does not wait and does not throw: an answer is not held up by a full disk, which is logged. */
  note(entry: AuditEntry): void
}

export interface AuditOptions {
  readonly file: string
  /** The file is put aside as `.1` before it gets larger. */
  readonly maxBytes: number
  readonly log: (entry: AuditEntry) => void
  readonly onError: (error: unknown) => void
  /** Epoch milliseconds. */
  readonly clock: () => number
}

/** Entries that wait for the disk at most; more are in the log alone. */
const MAX_WAITING = 10_000

/** Keeps the entries in a file of bounded size, and says each to the log; many refusals are one. */
export function openAudit({ file, maxBytes, log, onError, clock }: AuditOptions): Audit {
  const waiting: string[] = []
  let writing: Promise<void> | undefined

  /** The next lines that one file has room for, at least one. */
  const take = (room: number): Buffer => {
    let bytes = 0
    const count = waiting.findIndex((line, i) => {
      bytes += Buffer.byteLength(line)
      return i > 0 && bytes > room
    })
    const lines = waiting.splice(0, count === -1 ? waiting.length : count)
    return Buffer.from(lines.join(''))
  }
  const write = async (): Promise<void> => {
    while (waiting.length > 0) {
      const lines = take(maxBytes)
      try {
        const size = await sizeOf(file)
        if (size > 0 && size + lines.length > maxBytes) await rename(file, `${file}.1`)
        await appendFile(file, lines, { mode: 0o600 })
      } catch (error) {
        onError(error)
      }
    }
    writing = undefined
  }
  const crowd = openCrowd((entry) => {
    log(entry)
    if (waiting.length >= MAX_WAITING) return
    waiting.push(`${JSON.stringify({ ...entry, at: new Date(entry.at).toISOString() })}\n`)
    writing ??= Promise.resolve().then(write)
  }, clock)
  return {
    note: (entry) => crowd.note(entry),
    async [Symbol.asyncDispose]() {
      crowd[Symbol.dispose]()
      await writing
    },
  }
}

async function sizeOf(file: string): Promise<number> {
  try {
    return (await stat(file)).size
  } catch {
    return 0
  }
}

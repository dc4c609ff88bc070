import { appendFile, rename, stat } from 'node:fs/promises'
import { openCrowd } from './crowd.ts'

/** Who asked what. Names and digests: never a token, an argument or an answer. */
export interface AuditEntry {
  /** Epoch milliseconds. */
  readonly at: number
  /** Absent for nobody who is known. */
  readonly by?: string
  readonly tenant?: string
  /** Address of the connection. */
  readonly from: string
  readonly surface: 'graphql' | 'otlp' | 'login'
  /** query, mutation or subscription; login or logout. */
  readonly operation?: string
  /** What became of a login or logout: signed_in, signed_out, or why not. */
  readonly outcome?: string
  readonly name?: string
  /** Fields that were asked for at the top, at most 30. */
  readonly fields?: readonly string[]
  /** `sha256:` and the digest of the document. */
  readonly document?: string
  /** Why it was refused, where it was before anything was asked. */
  readonly reason?: Reason
  /** Where many were counted together: how many, of which this is the last. */
  readonly count?: number
  /** HTTP status. */
  readonly status: number
  /** Milliseconds until the answer was complete. */
  readonly took: number
}

export type Reason =
  /** It showed nothing by which somebody could be known. */
  | 'no_credential'
  | 'unknown_credential'
  | 'rate_limited'
  | 'foreign_host'
  | 'foreign_origin'
  | 'method'
  | 'media_type'
  | 'encoding'
  | 'no_preflight'

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

import { StoreError } from '../errors.ts'

/** Primary result codes of SQLite: https://www.sqlite.org/rescode.html */
const DAMAGED = new Set([11, 26])
const TRY_AGAIN = new Map([
  [3, 'may not be opened'],
  [5, 'is locked by another process'],
  [6, 'is locked'],
  [8, 'cannot be written'],
  [10, 'cannot be read or written: the disk failed'],
  [13, 'cannot be written: the disk is full'],
  [14, 'cannot be opened'],
])

/** What SQLite says, in our words; what is no error of SQLite stays as it is. */
export function sqliteError(file: string, cause: unknown): unknown {
  const code = sqliteCode(cause)
  if (code === undefined) return cause
  if (DAMAGED.has(code)) return damaged(file, cause)
  const trouble = TRY_AGAIN.get(code)
  return trouble === undefined
    ? new StoreError('store_failed', `SQLite refused a statement (result code ${code})`)
    : new StoreError('store_unreachable', `${file} ${trouble}`, { cause })
}

export function damaged(file: string, cause?: unknown): StoreError {
  return new StoreError(
    'store_corrupt',
    `${file} is not a graph that can be read. Nothing is lost: move it away, with its -wal and -shm, and the graph is rebuilt from the journal`,
    { cause },
  )
}

function sqliteCode(cause: unknown): number | undefined {
  if (!(cause instanceof Error) || !('errcode' in cause)) return undefined
  return typeof cause.errcode === 'number' ? cause.errcode & 0xff : undefined
}

import { randomUUID } from 'node:crypto'
import {
  constants,
  copyFileSync,
  linkSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { JournalError } from './errors.ts'

/**
 * Holds a journal for one process. The lock of a process that is gone is taken over; a process id
 * that was given to another program since is told apart by its start time, where /proc says it.
 * Processes that do not see each other's ids (two containers on one volume) are not kept apart.
 *
 * @throws JournalError `journal_locked` naming the process that holds it, `journal_unwritable`
 */
export function lockJournal(dir: string): Disposable {
  const path = join(dir, 'lock')
  const id = randomUUID()
  const draft = join(dir, `lock.${id}`)
  const text = JSON.stringify({ id, pid: process.pid, started: startOf(process.pid) })
  try {
    writeFileSync(draft, text, { flag: 'wx', mode: 0o600 })
    for (let tries = 0; tries < 5; tries += 1) {
      if (claim(draft, path)) return held(path, text)
      const found = read(path)
      if (found === undefined) continue
      const holder = parse(found)
      if (holder !== undefined && isAlive(holder)) {
        throw new JournalError(
          'journal_locked',
          `a collector is already running with ${dir} (process ${holder.pid})`,
        )
      }
      discard(path, found, join(dir, `lock.${id}.stale`))
    }
  } catch (cause) {
    if (cause instanceof JournalError) throw cause
    throw new JournalError('journal_unwritable', 'the folder of the journal cannot be written', {
      cause,
    })
  } finally {
    rmSync(draft, { force: true })
  }
  throw new JournalError('journal_locked', `the lock of ${dir} cannot be taken`)
}

/** What file systems without hard links answer. */
const NO_LINKS: ReadonlySet<string> = new Set(['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS'])

/** A link appears whole or not at all: nobody ever reads a lock that is half written. */
function claim(draft: string, path: string): boolean {
  try {
    linkSync(draft, path)
    return true
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return false
    if (!NO_LINKS.has(codeOf(error) ?? '')) throw error
    copyFileSync(draft, path, constants.COPYFILE_EXCL)
    return true
  }
}

/** Moves a stale lock away, unless another process was quicker and the lock is a fresh one. */
function discard(path: string, stale: string, aside: string): void {
  try {
    renameSync(path, aside)
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return
    throw error
  }
  if (read(aside) !== stale) claim(aside, path)
  rmSync(aside, { force: true })
}

function held(path: string, text: string): Disposable {
  let released = false
  return {
    [Symbol.dispose]() {
      // Released twice, it must not take the lock of whoever came next.
      if (!released && read(path) === text) rmSync(path, { force: true })
      released = true
    },
  }
}

interface Holder {
  readonly pid: number
  readonly started: string | null
}

function read(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8')
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined
    throw error
  }
}

function parse(text: string): Holder | undefined {
  try {
    const found: unknown = JSON.parse(text)
    if (typeof found !== 'object' || found === null || !('pid' in found)) return undefined
    const { pid } = found
    if (typeof pid !== 'number' || !Number.isInteger(pid) || pid <= 0) return undefined
    const started = 'started' in found && typeof found.started === 'string' ? found.started : null
    return { pid, started }
  } catch {
    return undefined
  }
}

function isAlive(holder: Holder): boolean {
  try {
    process.kill(holder.pid, 0)
  } catch (error) {
    if (codeOf(error) !== 'EPERM') return false
  }
  const now = startOf(holder.pid)
  return now === null || holder.started === null || now === holder.started
}

/** Boot and clock tick at which a process began; null where /proc does not say. */
function startOf(pid: number): string | null {
  try {
    const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()
    // The name of the program is in parentheses and may hold anything.
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1)?.split(' ')
    const ticks = fields?.[19]
    return ticks === undefined ? null : `${boot} ${ticks}`
  } catch {
    return null
  }
}

function codeOf(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error ? String(error.code) : undefined
}

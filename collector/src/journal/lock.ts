import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { JournalError } from './errors.ts'

/**
 * Holds a journal for one process. The lock of a process that is gone is taken over; a process id
 * that was given to another program since is told apart by its start time, where /proc says it.
 *
 * @throws JournalError `journal_locked` naming the process that holds it
 */
export function lockJournal(dir: string): Disposable {
  const path = join(dir, 'lock')
  const own = { pid: process.pid, started: startOf(process.pid) }
  for (let tries = 0; tries < 3; tries += 1) {
    try {
      writeFileSync(path, JSON.stringify(own), { flag: 'wx', mode: 0o600 })
      return {
        [Symbol.dispose]() {
          rmSync(path, { force: true })
        },
      }
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw unwritable(error)
      const holder = readHolder(path)
      if (holder !== undefined && isAlive(holder)) {
        throw new JournalError(
          'journal_locked',
          `a collector is already running with ${dir} (process ${holder.pid})`,
        )
      }
      rmSync(path, { force: true })
    }
  }
  throw new JournalError('journal_locked', `the lock of ${dir} cannot be taken`)
}

interface Holder {
  readonly pid: number
  readonly started: string | null
}

function readHolder(path: string): Holder | undefined {
  try {
    const { pid, started } = JSON.parse(readFileSync(path, 'utf8')) as Partial<Holder>
    return typeof pid === 'number' ? { pid, started: started ?? null } : undefined
  } catch {
    return undefined
  }
}

function isAlive(holder: Holder): boolean {
  try {
    process.kill(holder.pid, 0)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EPERM') return false
  }
  const now = startOf(holder.pid)
  return now === null || holder.started === null || now === holder.started
}

/** Start time of a process in clock ticks since boot; null where /proc is not there. */
function startOf(pid: number): string | null {
  const path = `/proc/${pid}/stat`
  if (!existsSync(path)) return null
  try {
    const fields = readFileSync(path, 'utf8').split(') ').at(-1)?.split(' ')
    return fields?.[19] ?? null
  } catch {
    return null
  }
}

function unwritable(cause: unknown): JournalError {
  return new JournalError('journal_unwritable', 'the folder of the journal cannot be written', {
    cause,
  })
}

import { randomUUID } from 'node:crypto'
import { mkdirSync } from 'node:fs'
import { readdir, readFile, rename, unlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { CollectorError } from '../errors.ts'
import { type Journal, JournalError, openJournal } from '../journal/index.ts'
import { type HoldRecord, holdPayload, parseHold } from './record.ts'

const FOLDER = 'holds'
const EVERY = 2_000

/**
 * Writes a hold or a release down. Where a collector has the journal it is left in a folder beside it,
 * which that collector looks into every two seconds, and a retention run before it begins.
 */
export async function recordHold(
  data: string,
  record: HoldRecord,
): Promise<'recorded' | 'handed_over'> {
  try {
    await using journal = await openJournal({ dir: join(data, 'journal') })
    await append(journal, record)
    return 'recorded'
  } catch (error) {
    if (!(error instanceof JournalError) || error.code !== 'journal_locked') throw error
  }
  const folder = join(data, FOLDER)
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  const path = join(folder, `${record.at}-${randomUUID()}`)
  await writeFile(`${path}.part`, holdPayload(record), { mode: 0o600 })
  await rename(`${path}.part`, `${path}.json`)
  return 'handed_over'
}

/** One after the other in each folder: whoever comes second finds nothing left. */
const taking = new Map<string, Promise<void>>()

/** Takes what was left there into the journal, oldest first. A file that is no hold stays, and is told. */
export function takeHolds(
  data: string,
  journal: Journal,
  onError: (error: unknown) => void,
): Promise<void> {
  const before = taking.get(data) ?? Promise.resolve()
  const mine = before.catch(() => {}).then(() => takeAll(data, journal, onError))
  taking.set(data, mine)
  return mine
}

async function takeAll(
  data: string,
  journal: Journal,
  onError: (error: unknown) => void,
): Promise<void> {
  const folder = join(data, FOLDER)
  const names = await readdir(folder).catch(() => [])
  for (const name of names.filter((one) => one.endsWith('.json')).sort()) {
    try {
      await append(journal, holdIn(name, await readFile(join(folder, name))))
      await unlink(join(folder, name))
    } catch (cause) {
      onError(new Error(`the hold in ${name} was not taken in`, { cause }))
    }
  }
}

/**
 * What was left there and is no record yet.
 *
 * @throws where one cannot be read: whoever asked for it to be kept must be heard
 */
export async function pendingHolds(data: string): Promise<HoldRecord[]> {
  const folder = join(data, FOLDER)
  const left: HoldRecord[] = []
  for (const name of await readdir(folder).catch(() => [])) {
    if (!name.endsWith('.json')) continue
    const text = await readFile(join(folder, name)).catch((error: NodeJS.ErrnoException) => {
      // Taken in since.
      if (error.code === 'ENOENT') return undefined
      throw error
    })
    if (text === undefined) continue
    left.push(holdIn(name, text))
  }
  return left.sort((a, b) => a.at - b.at)
}

function holdIn(name: string, text: Uint8Array): HoldRecord {
  try {
    return parseHold(text)
  } catch (cause) {
    throw new CollectorError('file_unreadable', `the hold in ${FOLDER}/${name} cannot be read`, {
      cause,
    })
  }
}

/** Looks into the folder until it is disposed. */
export function followHolds(
  data: string,
  journal: Journal,
  onError: (error: unknown) => void,
): AsyncDisposable {
  let running: Promise<void> = takeHolds(data, journal, onError)
  const timer = setInterval(() => {
    running = running.then(() => takeHolds(data, journal, onError))
  }, EVERY)
  return {
    async [Symbol.asyncDispose]() {
      clearInterval(timer)
      await running
    },
  }
}

async function append(journal: Journal, record: HoldRecord): Promise<void> {
  await journal.append({ kind: 'hold', receivedAt: record.at, payload: holdPayload(record) })
}

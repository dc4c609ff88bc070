import { randomUUID } from 'node:crypto'
import { readdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { z } from 'zod'
import { CollectorError } from '../errors.ts'
import { lockJournal } from '../journal/lock.ts'
import { type LastRun, readRetentionState } from './state.ts'
import { retentionFolder } from './work-folder.ts'

/** A run that somebody beside the collector asks it for. */
const asked = z.strictObject({
  version: z.literal(1),
  id: z.string().max(64),
  days: z.int().min(1),
})
export type AskedRun = z.infer<typeof asked>

const ASKED = '.ask.json'
const ANSWER = '.answer.json'
const LOOK = 500
/** A collector looks every two seconds; one that has not answered by then does not look at all. */
const PATIENCE = 15_000

/**
 * Asks the collector that has the journal for a run, and waits for its end.
 *
 * @throws CollectorError `unreachable` where it does not take the question up
 */
export async function askForRun(
  data: string,
  days: number,
  onProgress: (step: string, done: number, all: number) => void,
): Promise<LastRun> {
  const folder = retentionFolder(data)
  const id = randomUUID()
  const question = join(folder, `${id}${ASKED}`)
  const answer = join(folder, `${id}${ANSWER}`)
  await put(question, { version: 1, id, days } satisfies AskedRun)
  let since = performance.now()
  for (;;) {
    await wait(LOOK)
    const text = await readFile(answer, 'utf8').catch(() => undefined)
    if (text !== undefined) {
      await rm(answer, { force: true })
      return JSON.parse(text) as LastRun
    }
    const { running } = await readRetentionState(data)
    if (running?.id === id) onProgress(running.step, running.done, running.all)
    const isTaken = (await readFile(question).catch(() => undefined)) === undefined
    if (performance.now() - since < PATIENCE) continue
    since = performance.now()
    if (isTaken && isHeld(data)) continue
    await rm(question, { force: true })
    const message = isTaken
      ? 'the collector is gone; what its run came to, "delegraph doctor" says'
      : 'whoever has the journal does not trim it: is it a collector of this version?'
    throw new CollectorError('unreachable', message)
  }
}

/** What was asked for and not taken up, the oldest first. What is no question is removed. */
export async function takeAsked(data: string): Promise<AskedRun[]> {
  const folder = retentionFolder(data)
  const runs: AskedRun[] = []
  for (const name of (await readdir(folder)).filter((one) => one.endsWith(ASKED)).sort()) {
    const path = join(folder, name)
    const text = await readFile(path, 'utf8').catch(() => '')
    await rm(path, { force: true })
    const parsed = asked.safeParse(jsonOf(text))
    if (parsed.success) runs.push(parsed.data)
  }
  return runs
}

export async function answerAsked(data: string, run: LastRun): Promise<void> {
  await put(join(retentionFolder(data), `${run.id}${ANSWER}`), run)
}

/** Answers that nobody fetched, and questions that nobody waits for any more. */
export async function forgetAsked(data: string): Promise<void> {
  const folder = retentionFolder(data)
  for (const name of await readdir(folder)) {
    if (name.endsWith(ANSWER) || name.endsWith(ASKED)) await rm(join(folder, name), { force: true })
  }
}

/** Whether somebody has the journal. */
function isHeld(data: string): boolean {
  try {
    lockJournal(join(data, 'journal'))[Symbol.dispose]()
    return false
  } catch {
    return true
  }
}

async function put(path: string, value: object): Promise<void> {
  await writeFile(`${path}.part`, JSON.stringify(value), { mode: 0o600 })
  await rename(`${path}.part`, path)
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

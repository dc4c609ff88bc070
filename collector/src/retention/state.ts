import { open, readFile, rename } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { KEPT } from './kept.ts'
import { retentionFolder } from './work-folder.ts'

const count = z.int().min(0)

const lastRun = z.object({
  id: z.string(),
  /** When it began, epoch milliseconds. */
  at: count,
  seconds: z.number().min(0),
  outcome: z.enum(['trimmed', 'nothing', 'refused', 'failed']),
  bodies: count,
  bytes: count,
  chains: count,
  findings: count,
  /** Bodies that may go and are left for the next run. */
  left: count,
  kept: z.partialRecord(z.enum(KEPT), count),
  before: count,
  /** Why nothing was trimmed. */
  message: z.string().optional(),
})

const stateSchema = z.object({
  version: z.literal(1),
  running: z
    .object({ id: z.string(), since: count, step: z.string(), done: count, all: count })
    .optional(),
  last: lastRun.optional(),
  /** When the last run began that was neither refused nor failed. */
  good: count.optional(),
  /** What was trimmed may still be on the disk. */
  compacting: z.literal(true).optional(),
})

/** How the last run in a data folder went. */
export type LastRun = z.infer<typeof lastRun>
/** What is known of retention in a data folder. */
export type RetentionState = z.infer<typeof stateSchema>

const NAME = 'state.json'

/** Nothing is known where there is no file, or one that nobody can read. */
export async function readRetentionState(data: string): Promise<RetentionState> {
  try {
    return stateSchema.parse(JSON.parse(await readFile(join(data, 'retention', NAME), 'utf8')))
  } catch {
    return { version: 1 }
  }
}

export async function writeRetentionState(data: string, state: RetentionState): Promise<void> {
  const path = join(retentionFolder(data), NAME)
  {
    await using file = await open(`${path}.part`, 'w', 0o600)
    await file.writeFile(JSON.stringify(state))
    // That something is still to be taken off the disk must outlive a power cut.
    await file.datasync()
  }
  await rename(`${path}.part`, path)
}

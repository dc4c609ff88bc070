import { readFileSync } from 'node:fs'
import { rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'

const state = z.object({
  /** Keys that it had when it answered last. */
  keys: z.int().optional(),
  /** When it answered last, ISO 8601. */
  answered: z.string().optional(),
  /** Why it did not answer since. */
  error: z.string().optional(),
})

/** How a source was when a collector asked it last, for people; nothing depends on it. */
export type SourceState = Readonly<z.infer<typeof state>>

/** States by the name of the source. */
export type SourceStates = Readonly<Record<string, SourceState>>

const NAME = 'trust-sources.json'

/** Leaves the states in the data folder, for `delegraph doctor`. @throws where it cannot be written */
export async function writeSourceStates(data: string, states: SourceStates): Promise<void> {
  const path = join(data, NAME)
  await writeFile(`${path}.new`, `${JSON.stringify(states, null, 2)}\n`)
  await rename(`${path}.new`, path)
}

/** What a collector left there; nothing where there is none, or nothing readable. */
export function readSourceStates(data: string): SourceStates {
  try {
    return z.record(z.string(), state).parse(JSON.parse(readFileSync(join(data, NAME), 'utf8')))
  } catch {
    return {}
  }
}

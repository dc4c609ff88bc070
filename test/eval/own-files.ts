import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const FOLDER = fileURLToPath(new URL('../cases/files', import.meta.url))

/** The files of labelled cases that the repository has itself, by name. */
export const OWN_FILES: readonly string[] = readdirSync(FOLDER)
  .filter((name) => name.endsWith('.jsonl'))
  .sort()
  .map((name) => join(FOLDER, name))

import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('../..', import.meta.url))
const SHARED = process.env['DELEGRAPH_EVAL'] ?? join(root, '../shared/eval')

/** Labelled files of others, which are never copied here: beside the checkout, or where `DELEGRAPH_EVAL` says. */
export const SHARED_FILES = ['agentdojo.jsonl', 'delegationbench.jsonl'] as const

/** Where one of them is; undefined where it is not at hand. */
export function sharedFile(name: (typeof SHARED_FILES)[number]): string | undefined {
  const file = join(SHARED, name)
  return existsSync(file) ? file : undefined
}

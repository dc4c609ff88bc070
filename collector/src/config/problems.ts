import type { z } from 'zod'
import { configLeaves, type Leaf } from './leaves.ts'

/** What is wrong with one key. */
export interface Problem {
  /** `channels.0.url`; empty for the configuration as a whole. */
  readonly key: string
  /** What follows the key. Never the value: it may be a secret in the wrong place. */
  readonly says: string
}

/** The problems in what the schema says of a configuration. */
export function problemsOf(issue: z.core.$ZodIssue): Problem[] {
  const path = issue.path.map(String)
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => ({
      key: [...path, key].join('.'),
      says: `is not a key we know${meant(key, path)}`,
    }))
  }
  return [{ key: path.join('.'), says: saysOf(issue, leafOf(path)) }]
}

function saysOf({ code, message }: z.core.$ZodIssue, leaf: Leaf | undefined): string {
  if (code === 'invalid_type' && message.endsWith('received undefined')) {
    return leaf === undefined ? 'is missing' : `is missing: takes ${wordsOf(leaf)}`
  }
  if (code === 'invalid_union') {
    return message.replace(/^Invalid discriminator value\. Expected /, 'takes ')
  }
  const isSaid = code === 'invalid_type' || code === 'too_small' || code === 'too_big'
  return isSaid && leaf !== undefined ? `takes ${wordsOf(leaf)}` : message
}

function wordsOf({ takes }: Leaf): string {
  return takes.replaceAll('`', '')
}

function leafOf(path: readonly string[]): Leaf | undefined {
  return configLeaves().find((leaf) => leaf.path === schemaPath(path))
}

/** As the schema names it: members of a list have no number. */
function schemaPath(path: readonly string[]): string {
  return path.join('.').replace(/\.\d+(?=\.|$)/g, '[]')
}

/** The key beside it that differs by two letters at most. */
function meant(key: string, path: readonly string[]): string {
  const around = path.length === 0 ? '' : `${schemaPath(path)}.`
  const known = configLeaves().flatMap((leaf) =>
    leaf.path.startsWith(around) ? [leaf.path.slice(around.length).split(/[.[]/)[0] ?? ''] : [],
  )
  const near = [...new Set(known)]
    .map((name) => ({ name, by: distance(key.toLowerCase(), name.toLowerCase()) }))
    .filter(({ name, by }) => by <= Math.min(2, name.length / 2))
    .sort((a, b) => a.by - b.by)
  return near[0] === undefined ? '' : `; did you mean ${near[0].name}?`
}

/** Letters to put in, take out or change, to come from one word to the other. */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, i) => i)
  for (let i = 1; i <= a.length; i += 1) {
    const next = [i]
    for (let k = 1; k <= b.length; k += 1) {
      const change = (row[k - 1] ?? 0) + (a[i - 1] === b[k - 1] ? 0 : 1)
      next.push(Math.min(change, (row[k] ?? 0) + 1, (next[k - 1] ?? 0) + 1))
    }
    row = next
  }
  return row[b.length] ?? 0
}

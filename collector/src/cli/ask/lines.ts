import type { Snapshot } from '../../questions/asking.ts'
import { paint } from '../paint.ts'

/** A name, and lines beside it. */
export function field(name: string, lines: readonly string[]): string[] {
  return lines.map((line, i) => `  ${paint('dim', (i === 0 ? name : '').padEnd(16))}${line}`)
}

/** What the answer is about: said below each. */
export function asked({ validAt, knownAt, watermark }: Snapshot): string {
  const at = new Date(validAt).toISOString()
  const known = knownAt === validAt ? '' : `, known at ${new Date(knownAt).toISOString()}`
  return paint('dim', `as of ${at}${known}, journal record ${watermark}`)
}

/** The first of many lines, and how many are left out. */
export function atMost(
  lines: readonly string[],
  limit: number,
  of: number = lines.length,
): string[] {
  const left = of - Math.min(limit, of)
  const more = left === 0 ? [] : [paint('dim', `  ... ${left} more: --limit or --json`)]
  return [...lines.slice(0, limit), ...more]
}

export function instant(at: unknown): string {
  return typeof at === 'number' ? new Date(at).toISOString().replace('.000Z', 'Z') : 'never'
}

export function plural(count: number, one: string): string {
  return `${count} ${one}${count === 1 ? '' : 's'}`
}

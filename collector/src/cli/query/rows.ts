/** An answer as a table: a column is a path, as `agent.id`. */
export interface Rows {
  readonly columns: readonly string[]
  readonly rows: readonly (readonly string[])[]
}

type Value = Readonly<Record<string, unknown>>

/** The first list in an answer, from the top; one row where there is none. */
export function rowsOf(data: unknown): Rows {
  const found = listIn(data) ?? [data]
  const flat = found.map((item) => flatten(item))
  const names = [...new Set(flat.flatMap((row) => [...row.keys()]))]
  // What is null in one row has parts in another.
  const columns = names.filter((name) => !names.some((other) => other.startsWith(`${name}.`)))
  return { columns, rows: flat.map((row) => columns.map((name) => row.get(name) ?? '')) }
}

/** `nodes` of a connection before its other lists. */
function listIn(value: unknown): readonly unknown[] | undefined {
  if (Array.isArray(value)) return value
  if (!isObject(value)) return undefined
  const members = Object.entries(value).sort(([a], [b]) => rank(a) - rank(b))
  for (const [, member] of members) {
    const list = listIn(member)
    if (list !== undefined) return list
  }
  return undefined
}

function rank(name: string): number {
  return name === 'nodes' ? 0 : 1
}

function flatten(value: unknown, at = ''): Map<string, string> {
  if (!isObject(value)) return new Map([[at === '' ? 'value' : at, textOf(value)]])
  const parts = Object.entries(value).map(([name, member]) =>
    flatten(member, at === '' ? name : `${at}.${name}`),
  )
  return new Map(parts.flatMap((part) => [...part]))
}

function textOf(value: unknown): string {
  if (value === null || value === undefined) return ''
  return Array.isArray(value) ? value.map(itemText).join(', ') : String(value)
}

function itemText(value: unknown): string {
  return typeof value === 'object' ? JSON.stringify(value) : String(value)
}

function isObject(value: unknown): value is Value {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** RFC 4180. What a spreadsheet would take for a formula begins with a quote that it shows. */
export function csvOf({ columns, rows }: Rows): string {
  return [columns, ...rows].map((row) => `${row.map(cell).join(',')}\r\n`).join('')
}

function cell(text: string): string {
  const safe = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
}

const WIDEST = 80

/** Columns beside each other, each as wide as its widest cell. */
export function tableOf({ columns, rows }: Rows): string {
  const cut = (text: string) => {
    const line = text.replaceAll(/\p{Cc}/gu, ' ')
    return line.length > WIDEST ? `${line.slice(0, WIDEST - 3).toWellFormed()}...` : line
  }
  const all = [columns, ...rows].map((row) => row.map(cut))
  const widths = columns.map((_, at) => Math.max(...all.map((row) => row[at]?.length ?? 0)))
  return all
    .map((row) => `${row.map((text, at) => text.padEnd(widths[at] ?? 0)).join('  ')}`.trimEnd())
    .map((line) => `${line}\n`)
    .join('')
}

import { createHash } from 'node:crypto'
import neo4j from 'neo4j-driver'
import { wellFormed } from '../check.ts'
import { columnsOf, KEEPS_SMALLER, keyColumn } from '../columns.ts'
import type { GraphNode, NodeKind, Scalar } from '../store.ts'

export type Properties = Readonly<Record<string, unknown>>

/** One row of the statement that creates or completes nodes. */
export interface PutRow {
  readonly uid: string
  readonly set: Properties
  /** Values that replace greater ones only. */
  readonly least: Properties
}

/**
 * Neo4j refuses a transaction that puts more than about 8 kB into an index, so a longer value, which
 * any sender can cause, is indexed by its beginning and its digest. That form is always longer than
 * what is kept as it is, so the two cannot be confused.
 */
const MAX_INDEXED_BYTES = 4_000

/** No text of fewer characters is indexed by its beginning. */
export const LONG = Math.floor(MAX_INDEXED_BYTES / 4)

/** What is indexed for a text, and compared with: the text itself where it is short enough. */
export function indexed(text: string): string {
  if (text.length * 3 <= MAX_INDEXED_BYTES) return text
  const bytes = Buffer.from(text)
  if (bytes.length <= MAX_INDEXED_BYTES) return text
  // A code point that is cut in two is left out; what remains exceeds the limit with the digest.
  const start = new TextDecoder().decode(bytes.subarray(0, MAX_INDEXED_BYTES), { stream: true })
  return `${start}…${createHash('sha256').update(bytes).digest('hex')}`
}

/** Property that holds a column in a form that can be looked up. */
export function indexedProperty(kind: NodeKind, column: string): string {
  return column === keyColumn(kind) ? 'uid' : column
}

/** A value to compare a column with. */
export function comparable(kind: NodeKind, column: string, value: Scalar): unknown {
  const clean = wellFormed(value)
  if (typeof clean !== 'string') return sendable(clean)
  return isIndexed(kind, column) ? indexed(clean) : clean
}

export function putRow({ kind, key, columns, whole }: GraphNode): PutRow {
  const set: Record<string, unknown> = { [keyColumn(kind)]: key }
  const least: Record<string, unknown> = {}
  if (whole === true) {
    for (const [name, { learned }] of Object.entries(columnsOf(kind))) {
      if (learned !== true && name !== keyColumn(kind)) set[name] = null
    }
  }
  for (const [name, value] of Object.entries(columns)) {
    if (KEEPS_SMALLER.has(name)) least[name] = sendable(value)
    else if (name !== keyColumn(kind)) Object.assign(set, properties(kind, name, value))
  }
  return { uid: indexed(key), set, least }
}

/** A node from all its properties. */
export function nodeOfProperties(kind: NodeKind, found: Properties): GraphNode {
  const columns: Record<string, Scalar> = {}
  for (const name of Object.keys(columnsOf(kind))) {
    const value = found[name]
    if (!isScalar(value)) continue
    const whole = isShortened(value) ? found[wholeProperty(name)] : undefined
    columns[name] = isScalar(whole) ? whole : value
  }
  return { kind, key: String(columns[keyColumn(kind)]), columns }
}

/** The driver sends JavaScript numbers as floats; ours are whole. */
export function sendable(value: Scalar): unknown {
  return typeof value === 'number' ? neo4j.int(value) : value
}

function properties(kind: NodeKind, name: string, value: Scalar): Properties {
  if (typeof value !== 'string' || !isIndexed(kind, name)) return { [name]: sendable(value) }
  const short = indexed(value)
  return short === value ? { [name]: value } : { [name]: short, [wholeProperty(name)]: value }
}

function isIndexed(kind: NodeKind, name: string): boolean {
  return name === keyColumn(kind) || columnsOf(kind)[name]?.indexed === true
}

/** Left in place when a short value follows: only a shortened one is completed by it. */
export function wholeProperty(name: string): string {
  return `${name}_whole`
}

export function isShortened(value: Scalar): boolean {
  return (
    typeof value === 'string' &&
    value.length * 3 > MAX_INDEXED_BYTES &&
    Buffer.byteLength(value) > MAX_INDEXED_BYTES
  )
}

function isScalar(value: unknown): value is Scalar {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean'
}

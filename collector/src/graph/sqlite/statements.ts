import type { SQLInputValue } from 'node:sqlite'
import { wellFormed } from '../check.ts'
import { columnsOf, EDGE_KIND_NAMES, edgeEnds, KEEPS_SMALLER, keyColumn } from '../columns.ts'
import { MAX_WALK } from '../limits.ts'
import type { Filter, GroupQuery, NodeKind, PageQuery } from '../store.ts'
import { sqlValue } from './rows.ts'

/** SQL with the values it is run with. Names come from the declared kinds alone. */
export interface Query {
  readonly sql: string
  readonly values: SQLInputValue[]
}

/**
 * Creates a node or sets these columns of it, values in the order of the names. A node that is so
 * already is left alone, which spares its indexes: judging again mostly finds the same.
 */
export function upsertNode(kind: NodeKind, names: readonly string[]): string {
  const key = keyColumn(kind)
  const list = names.map((name) => `"${name}"`).join(', ')
  const marks = names.map(() => '?').join(', ')
  const changed = names.filter((name) => name !== key)
  const sets = changed.map((name) => `"${name}" = ${kept(name)}`)
  const differs = changed.map((name) => `"${name}" IS NOT ${kept(name)}`)
  const action =
    sets.length === 0 ? 'NOTHING' : `UPDATE SET ${sets.join(', ')} WHERE ${differs.join(' OR ')}`
  return `INSERT INTO "${kind}" (${list}) VALUES (${marks}) ON CONFLICT ("${key}") DO ${action}`
}

function kept(name: string): string {
  const given = `excluded."${name}"`
  return KEEPS_SMALLER.has(name) ? `min(coalesce("${name}", ${given}), ${given})` : given
}

/** Nodes of one kind by their keys, and what hangs on them. */
export function removeNodes(kind: NodeKind): string[] {
  const keys = 'IN (SELECT value FROM json_each(?))'
  const edges = EDGE_KIND_NAMES.flatMap((name) => {
    const { from, to } = edgeEnds(name)
    return [
      ...(from === kind ? [`DELETE FROM edge WHERE kind = '${name}' AND from_key ${keys}`] : []),
      ...(to === kind ? [`DELETE FROM edge WHERE kind = '${name}' AND to_key ${keys}`] : []),
    ]
  })
  return [...edges, `DELETE FROM "${kind}" WHERE "${keyColumn(kind)}" ${keys}`]
}

export function findNodes(kind: NodeKind, column: string, limited: boolean): string {
  // The plus keeps the order from choosing the index: it is the values that are sought.
  const first = limited ? ` ORDER BY +"${keyColumn(kind)}" LIMIT ?` : ''
  return `SELECT * FROM "${kind}" WHERE "${column}" IN (SELECT value FROM json_each(?))${first}`
}

/**
 * Links reached from some over DERIVED_FROM. UNION drops what was reached at the same depth before,
 * and the depth is bounded, so that a cycle ends.
 */
export function walkLinks(direction: 'up' | 'down'): string {
  const [near, far] = direction === 'up' ? ['from_key', 'to_key'] : ['to_key', 'from_key']
  const start =
    direction === 'up' ? '' : 'WHERE reached.hash NOT IN (SELECT value FROM json_each(?1))'
  return `WITH RECURSIVE walk(hash, depth) AS (
      SELECT value, 0 FROM json_each(?1)
      UNION SELECT edge.${far}, walk.depth + 1 FROM walk
        CROSS JOIN edge ON edge.kind = 'DERIVED_FROM' AND edge.${near} = walk.hash
        WHERE walk.depth < ${MAX_WALK})
    SELECT "Link".* FROM (SELECT DISTINCT hash FROM walk) AS reached
      CROSS JOIN "Link" ON "Link"."hash" = reached.hash ${start}
    ORDER BY "Link"."hash" LIMIT ?2`
}

export function neighbourKeys(direction: 'in' | 'out'): string {
  const [near, far] = direction === 'in' ? ['to_key', 'from_key'] : ['from_key', 'to_key']
  return `SELECT DISTINCT ${far} AS key FROM json_each(?2)
    CROSS JOIN edge ON edge.kind = ?1 AND edge.${near} = json_each.value
    ORDER BY key LIMIT ?3`
}

export function pageNodes({ kind, where, orderBy, direction, limit, after }: PageQuery): Query {
  const key = keyColumn(kind)
  const { clauses, values } = conditions(where)
  const [than, way] = direction === 'asc' ? ['>', 'ASC'] : ['<', 'DESC']
  if (after === undefined) {
    clauses.push(`"${orderBy}" IS NOT NULL`)
  } else {
    const value = sqlValue(wellFormed(after.value))
    // The first comparison bounds the part of the index that is read.
    clauses.push(`"${orderBy}" ${than}= ? AND ("${orderBy}" ${than} ? OR "${key}" > ?)`)
    values.push(value, value, after.key.toWellFormed())
  }
  const sql = `SELECT * FROM "${kind}" WHERE ${clauses.join(' AND ')}
    ORDER BY "${orderBy}" ${way}, "${key}" ASC LIMIT ?`
  return { sql, values: [...values, limit] }
}

/**
 * First the groups of the page, by what of them is in the index or before the long columns; then who leads each of
 * those alone.
 */
export function groupNodes(query: GroupQuery): Query {
  const { kind, where, by, orderBy, direction, limit, after, distinct, span, lead } = query
  const key = keyColumn(kind)
  const [than, way, first] = direction === 'asc' ? ['>', 'ASC', 'min'] : ['<', 'DESC', 'max']
  const { clauses, values } = conditions(where)
  const all = [`"${by}" IS NOT NULL`, `"${orderBy}" IS NOT NULL`, ...clauses].join(' AND ')
  // Whoever leads is looked for among those of its group, and by no other index.
  const each = [`+"${orderBy}" IS NOT NULL`, ...conditions(where, '+').clauses].join(' AND ')
  const beyond =
    after === undefined ? '' : `HAVING shared_place ${than} ? OR (shared_place = ? AND "${by}" > ?)`
  const sql = `WITH part AS MATERIALIZED (
      SELECT "${by}" AS shared_key, ${first}("${orderBy}") AS shared_place, count(*) AS shared_count,
        count(DISTINCT "${distinct}") AS shared_distinct,
        min("${span}") AS shared_least, max("${span}") AS shared_greatest
      FROM "${kind}" WHERE ${all} GROUP BY "${by}" ${beyond}
      ORDER BY shared_place ${way}, shared_key ASC LIMIT ?)
    SELECT part.*, led.* FROM part JOIN "${kind}" AS led ON led."${key}" = (
      SELECT "${key}" FROM "${kind}" WHERE "${by}" = part.shared_key AND ${each}
      ORDER BY coalesce("${lead}", 0) DESC, "${key}" ASC LIMIT 1)
    ORDER BY shared_place ${way}, shared_key ASC`
  const place = after === undefined ? null : sqlValue(wellFormed(after.value))
  const passed = after === undefined ? [] : [place, place, after.key.toWellFormed()]
  return { sql, values: [...values, ...passed, limit, ...values] }
}

export function differentValues(kind: NodeKind, column: string): string {
  return `SELECT DISTINCT "${column}" AS value FROM "${kind}" WHERE "${column}" IS NOT NULL
    ORDER BY "${column}" LIMIT ?`
}

export function countNodes(kind: NodeKind, where: Filter, limit: number): Query {
  const { clauses, values } = conditions(where)
  const sql = `SELECT count(*) AS n FROM
    (SELECT 1 FROM "${kind}" WHERE ${[...clauses, 'true'].join(' AND ')} LIMIT ?)`
  return { sql, values: [...values, limit] }
}

/** A page of a dump: nodes of one kind after a key, without the columns that were learned. */
export function dumpNodes(kind: NodeKind, after: boolean): string {
  const key = keyColumn(kind)
  const names = Object.entries(columnsOf(kind)).flatMap(([name, { learned }]) =>
    learned === true ? [] : [`"${name}"`],
  )
  const where = after ? `WHERE "${key}" > ?` : ''
  return `SELECT ${names.join(', ')} FROM "${kind}" ${where} ORDER BY "${key}" LIMIT ?`
}

export function dumpEdges(after: boolean): string {
  const where = after ? 'WHERE (kind, from_key, to_key) > (?, ?, ?)' : ''
  return `SELECT kind, from_key, to_key FROM edge ${where} ORDER BY kind, from_key, to_key LIMIT ?`
}

/** `before` a column says whether an index of it may be used: `+` that none may. */
function conditions(
  where: Filter,
  before: '' | '+' = '',
): { clauses: string[]; values: SQLInputValue[] } {
  const clauses: string[] = []
  const values: SQLInputValue[] = []
  for (const [name, wanted] of Object.entries(where.equals ?? {})) {
    const [only] = wanted
    if (wanted.length === 1 && only !== undefined) {
      clauses.push(`${before}"${name}" = ?`)
      values.push(sqlValue(wellFormed(only)))
    } else {
      clauses.push(`${before}"${name}" IN (SELECT value FROM json_each(?))`)
      values.push(JSON.stringify(wanted.map(wellFormed)))
    }
  }
  for (const [name, min] of Object.entries(where.min ?? {})) {
    clauses.push(`${before}"${name}" >= ?`)
    values.push(min)
  }
  for (const [name, max] of Object.entries(where.max ?? {})) {
    clauses.push(`${before}"${name}" <= ?`)
    values.push(max)
  }
  if (where.any !== undefined) {
    const ways = Object.entries(where.any).map(([name, wanted]) => {
      values.push(JSON.stringify(wanted.map(wellFormed)))
      return `${before}"${name}" IN (SELECT value FROM json_each(?))`
    })
    clauses.push(`(${[...ways, 'false'].join(' OR ')})`)
  }
  return { clauses, values }
}

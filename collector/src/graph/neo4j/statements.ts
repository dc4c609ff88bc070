import {
  type Column,
  EDGE_KINDS,
  type EdgeKind,
  NODE_KINDS,
  type NodeKind,
} from '@delegraph/graph-schema'
import { columnsOf, edgeEnds, keyColumn } from '../columns.ts'
import type { Filter } from '../store.ts'

/**
 * Every Cypher statement of the store. Labels, relationship types and property names come from the
 * declared kinds alone; whatever a user or a sender wrote is a parameter.
 *
 * Each node carries `tenant`, so that one database can hold several graphs, and `uid`, its key under
 * one name, which is what relationships are merged by.
 */

/** Constraints and indexes, in order; each may be run again. */
export function migrations(): string[] {
  return (Object.keys(NODE_KINDS) as NodeKind[])
    .flatMap((kind) => {
      const columns: Readonly<Record<string, Column>> = NODE_KINDS[kind].columns
      const indexed = Object.entries(columns)
        .filter(([name, column]) => column.indexed === true && name !== keyColumn(kind))
        .map(
          ([name]) =>
            `CREATE INDEX delegraph_${kind}_${name} IF NOT EXISTS FOR (n:${kind}) ON (n.tenant, n.\`${name}\`)`,
        )
      return [
        `CREATE CONSTRAINT delegraph_${kind} IF NOT EXISTS FOR (n:${kind}) REQUIRE (n.tenant, n.uid) IS UNIQUE`,
        ...indexed,
      ]
    })
    .concat(
      'CREATE CONSTRAINT delegraph_Position IF NOT EXISTS FOR (n:DelegraphPosition) REQUIRE n.tenant IS UNIQUE',
    )
}

/** Creates or completes nodes of one kind. Row: `{uid, set, unset, min}`. */
export function putNodes(kind: NodeKind): string {
  const unset = Object.entries(columnsOf(kind))
    .filter(([name, column]) => column.learned !== true && name !== keyColumn(kind))
    .map(
      ([name]) =>
        `n.\`${name}\` = CASE WHEN row.whole THEN row.set.\`${name}\` ELSE coalesce(row.set.\`${name}\`, n.\`${name}\`) END`,
    )
  const learned = Object.entries(columnsOf(kind))
    .filter(([, column]) => column.learned === true)
    .map(([name]) =>
      name === 'learnedAt' || name === 'raisedAt'
        ? `n.\`${name}\` = CASE WHEN n.\`${name}\` IS NULL OR row.set.\`${name}\` < n.\`${name}\` THEN coalesce(row.set.\`${name}\`, n.\`${name}\`) ELSE n.\`${name}\` END`
        : `n.\`${name}\` = coalesce(row.set.\`${name}\`, n.\`${name}\`)`,
    )
  const key = keyColumn(kind)
  const sets = [`n.\`${key}\` = row.uid`, ...unset, ...learned].join(',\n    ')
  return `UNWIND $rows AS row
MERGE (n:${kind} {tenant: $tenant, uid: row.uid})
SET ${sets}`
}

/** Creates the nodes at the ends of relationships that have not arrived, with their key alone. */
export function stubNodes(kind: NodeKind): string {
  return `UNWIND $rows AS uid
MERGE (n:${kind} {tenant: $tenant, uid: uid})
ON CREATE SET n.\`${keyColumn(kind)}\` = uid`
}

export function putEdges(kind: EdgeKind): string {
  const { from, to } = edgeEnds(kind)
  return `UNWIND $rows AS row
MATCH (a:${from} {tenant: $tenant, uid: row.from})
MATCH (b:${to} {tenant: $tenant, uid: row.to})
MERGE (a)-[:${kind}]->(b)`
}

export function clearEdges(kind: EdgeKind): string {
  const { from } = edgeEnds(kind)
  return `UNWIND $rows AS uid
MATCH (a:${from} {tenant: $tenant, uid: uid})-[r:${kind}]->()
DELETE r`
}

export const PUT_POSITION = `MERGE (n:DelegraphPosition {tenant: $tenant}) SET n.value = $value`
export const GET_POSITION = `MATCH (n:DelegraphPosition {tenant: $tenant}) RETURN n.value AS value`

export function findNodes(kind: NodeKind, column: string): string {
  const property = column === keyColumn(kind) ? 'uid' : `\`${column}\``
  return `UNWIND $values AS value
MATCH (n:${kind} {tenant: $tenant, ${property}: value})
RETURN DISTINCT properties(n) AS node, n.uid AS uid ORDER BY uid`
}

/** Links up or down from some, these included; the bound ends cycles and endless paths. */
export function walkLinks(direction: 'up' | 'down'): string {
  const pattern =
    direction === 'up' ? '(start)-[:DERIVED_FROM*0..16]->(n)' : '(start)<-[:DERIVED_FROM*0..16]-(n)'
  return `UNWIND $links AS uid
MATCH (start:Link {tenant: $tenant, uid: uid})
MATCH ${pattern}
WITH DISTINCT n
RETURN properties(n) AS node, n.uid AS uid ORDER BY uid LIMIT $limit`
}

export function neighbourKeys(kind: EdgeKind, direction: 'in' | 'out'): string {
  const { from, to } = edgeEnds(kind)
  const [near, pattern] =
    direction === 'in'
      ? [to, `(near)<-[:${kind}]-(far:${from})`]
      : [from, `(near)-[:${kind}]->(far:${to})`]
  return `UNWIND $keys AS uid
MATCH (near:${near} {tenant: $tenant, uid: uid})
MATCH ${pattern}
RETURN DISTINCT far.uid AS uid ORDER BY uid`
}

export function pageNodes(
  kind: NodeKind,
  where: Filter,
  orderBy: string,
  direction: 'asc' | 'desc',
  after: boolean,
): string {
  const than = direction === 'asc' ? '>' : '<'
  const seen = after
    ? [
        `(n.\`${orderBy}\` ${than} $after.value OR (n.\`${orderBy}\` = $after.value AND n.uid > $after.key))`,
      ]
    : []
  const conditions = [...filterConditions(where), `n.\`${orderBy}\` IS NOT NULL`, ...seen]
  return `MATCH (n:${kind} {tenant: $tenant})
WHERE ${conditions.join(' AND ')}
RETURN properties(n) AS node, n.\`${orderBy}\` AS value, n.uid AS uid
ORDER BY value ${direction.toUpperCase()}, uid ASC LIMIT $limit`
}

export function countNodes(kind: NodeKind, where: Filter): string {
  const conditions = ['true', ...filterConditions(where)]
  return `MATCH (n:${kind} {tenant: $tenant}) WHERE ${conditions.join(' AND ')}
WITH n LIMIT $limit RETURN count(n) AS n`
}

function filterConditions(where: Filter): string[] {
  return [
    ...Object.keys(where.equals ?? {}).map((name) => `n.\`${name}\` IN $equals.\`${name}\``),
    ...Object.keys(where.min ?? {}).map((name) => `n.\`${name}\` >= $min.\`${name}\``),
    ...Object.keys(where.max ?? {}).map((name) => `n.\`${name}\` <= $max.\`${name}\``),
  ]
}

export function dumpNodes(kind: NodeKind): string {
  return `MATCH (n:${kind} {tenant: $tenant}) WHERE n.uid > $after
RETURN properties(n) AS node, n.uid AS uid ORDER BY uid LIMIT $limit`
}

export function dumpEdges(kind: EdgeKind): string {
  const { from, to } = EDGE_KINDS[kind]
  return `MATCH (a:${from} {tenant: $tenant})-[:${kind}]->(b:${to})
RETURN a.uid AS from, b.uid AS to ORDER BY from, to SKIP $skip LIMIT $limit`
}

export function deleteNodes(kind: NodeKind): string {
  return `MATCH (n:${kind} {tenant: $tenant}) WITH n LIMIT $limit DETACH DELETE n RETURN count(*) AS n`
}

export const DELETE_POSITION = 'MATCH (n:DelegraphPosition {tenant: $tenant}) DELETE n'

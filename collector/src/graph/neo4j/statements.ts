import type { EdgeKind, NodeKind } from '@delegraph/graph-schema'
import { columnsOf, edgeEnds, KEEPS_SMALLER, keyColumn } from '../columns.ts'
import { MAX_WALK } from '../limits.ts'
import type { Filter, GroupQuery, PageQuery } from '../store.ts'
import { indexedProperty, wholeProperty } from './rows.ts'

/*
 * Every Cypher statement of the store. Labels, relationship types and property names come from the
 * declared kinds alone; whatever a user or a sender wrote is a parameter. `$tenant` is always given.
 */

/** Creates or completes nodes of one kind. Rows: `PutRow`, no `uid` twice. */
export function putNodes(kind: NodeKind): string {
  const least = Object.keys(columnsOf(kind))
    .filter((name) => KEEPS_SMALLER.has(name))
    .map((name) => {
      const [kept, given] = [`n.\`${name}\``, `row.least.\`${name}\``]
      return `, ${kept} = CASE WHEN ${kept} <= ${given} THEN ${kept} ELSE coalesce(${given}, ${kept}) END`
    })
  return `UNWIND $rows AS row
MERGE (n:${kind} {tenant: $tenant, uid: row.uid})
SET n += row.set${least.join('')}`
}

/** Creates the nodes at the ends of relationships that have not arrived, with their key alone. */
export function stubNodes(kind: NodeKind): string {
  return `UNWIND $rows AS row
MERGE (n:${kind} {tenant: $tenant, uid: row.uid})
ON CREATE SET n.\`${keyColumn(kind)}\` = row.key`
}

/** Joins nodes that exist. Rows: `{from, to}`, each a `uid`. */
export function putEdges(kind: EdgeKind): string {
  const { from, to } = edgeEnds(kind)
  return `UNWIND $rows AS row
MATCH (a:${from} {tenant: $tenant, uid: row.from})
MATCH (b:${to} {tenant: $tenant, uid: row.to})
MERGE (a)-[:${kind}]->(b)`
}

export function removeNodes(kind: NodeKind): string {
  return `UNWIND $rows AS uid
MATCH (n:${kind} {tenant: $tenant, uid: uid})
DETACH DELETE n`
}

export function clearEdges(kind: EdgeKind): string {
  const { from } = edgeEnds(kind)
  return `UNWIND $rows AS uid
MATCH (a:${from} {tenant: $tenant, uid: uid})-[r:${kind}]->()
DELETE r`
}

export const PUT_POSITION = `MERGE (n:DelegraphMeta {tenant: $tenant, uid: 'position'})
SET n.value = $value`

export const GET_POSITION = `MATCH (n:DelegraphMeta {tenant: $tenant, uid: 'position'})
RETURN n.value AS value`

export const DELETE_POSITION = `MATCH (n:DelegraphMeta {tenant: $tenant, uid: 'position'})
DELETE n`

/** What was applied to this database; it concerns all tenants, so it belongs to none. */
export const GET_MIGRATIONS = `MATCH (n:DelegraphMeta {tenant: ''}) WHERE n.uid IS NOT NULL
RETURN n.uid AS id, n.digest AS digest ORDER BY id`

export const PUT_MIGRATION = `MERGE (n:DelegraphMeta {tenant: '', uid: $id})
SET n.digest = $digest`

export const AWAIT_INDEXES = 'CALL db.awaitIndexes(60)'

/** Rolled back after it was run: proves that the database can be written. */
export const PROBE = 'CREATE (n:DelegraphMeta) RETURN 1 AS one'

export function findNodes(kind: NodeKind, column: string, limited: boolean): string {
  return `UNWIND $values AS value
MATCH (n:${kind} {tenant: $tenant, \`${indexedProperty(kind, column)}\`: value})
RETURN properties(n) AS node, n.uid AS uid ORDER BY uid${limited ? ' LIMIT $limit' : ''}`
}

/**
 * Links up or down from some. DISTINCT makes Neo4j visit each link once (a pruning expansion), so
 * that many paths between the same links cost nothing; the bound ends cycles and endless chains.
 */
export function walkLinks(direction: 'up' | 'down'): string {
  const [path, others] =
    direction === 'up'
      ? [`(start)-[:DERIVED_FROM*0..${MAX_WALK}]->(n)`, '']
      : [`(start)<-[:DERIVED_FROM*0..${MAX_WALK}]-(n)`, 'WHERE NOT n.uid IN $links']
  return `UNWIND $links AS uid
MATCH (start:Link {tenant: $tenant, uid: uid})
MATCH ${path}
WITH DISTINCT n ${others}
RETURN properties(n) AS node, n.uid AS uid ORDER BY uid LIMIT $limit`
}

export function neighbourKeys(kind: EdgeKind, direction: 'in' | 'out', limited: boolean): string {
  const { from, to } = edgeEnds(kind)
  const [near, far, path] =
    direction === 'in'
      ? [to, from, `(near)<-[:${kind}]-(far:${from})`]
      : [from, to, `(near)-[:${kind}]->(far:${to})`]
  return `UNWIND $keys AS uid
MATCH (near:${near} {tenant: $tenant, uid: uid})
MATCH ${path}
WITH DISTINCT far
RETURN far.\`${keyColumn(far)}\` AS key ORDER BY key${limited ? ' LIMIT $limit' : ''}`
}

export function pageNodes({ kind, where, orderBy, direction, after }: PageQuery): string {
  const [than, way] = direction === 'asc' ? ['>', 'ASC'] : ['<', 'DESC']
  const value = `n.\`${indexedProperty(kind, orderBy)}\``
  // The first comparison bounds the part of the index that is read, and nothing else may be sought
  // in it, or the order would be lost.
  const seen =
    after === undefined
      ? `${value} IS NOT NULL`
      : `${value} ${than}= $value AND (${value} <> $value OR n.uid > $key)`
  // The tenant is one and the same, and lets the order come out of the index.
  return `MATCH (n:${kind} {tenant: $tenant})
WHERE ${[...conditions(kind, where), seen].join(' AND ')}
RETURN properties(n) AS node, n.tenant AS tenant, ${value} AS value, n.uid AS uid
ORDER BY tenant ${way}, value ${way}, uid ASC LIMIT $limit`
}

/** First the groups of the page, then who leads each of those. */
export function groupNodes(query: GroupQuery): string {
  const { kind, where, by, orderBy, direction, after, distinct, span, lead } = query
  const property = (name: string): string => `n.\`${indexedProperty(kind, name)}\``
  const [than, way, first] = direction === 'asc' ? ['>', 'ASC', 'min'] : ['<', 'DESC', 'max']
  const all = [
    `${property(by)} IS NOT NULL`,
    `${property(orderBy)} IS NOT NULL`,
    ...conditions(kind, where),
  ].join(' AND ')
  const beyond =
    after === undefined ? '' : `WHERE place ${than} $value OR (place = $value AND shared > $key)`
  return `MATCH (n:${kind} {tenant: $tenant}) WHERE ${all}
WITH ${property(by)} AS shared, ${first}(${property(orderBy)}) AS place, count(n) AS count,
  count(DISTINCT ${property(distinct)}) AS different, min(${property(span)}) AS least, max(${property(span)}) AS greatest
${beyond}
WITH * ORDER BY place ${way}, shared ASC LIMIT $limit
CALL {
  WITH shared
  MATCH (n:${kind} {tenant: $tenant, \`${indexedProperty(kind, by)}\`: shared}) WHERE ${all}
  RETURN n AS led ORDER BY coalesce(${property(lead)}, 0) DESC, n.uid ASC LIMIT 1
}
RETURN shared, place, count, different, least, greatest, properties(led) AS node
ORDER BY place ${way}, shared ASC`
}

/** With the whole of what is indexed by its beginning. */
export function differentValues(kind: NodeKind, column: string): string {
  const property = `n.\`${indexedProperty(kind, column)}\``
  const whole = column === keyColumn(kind) ? `n.\`${column}\`` : `n.\`${wholeProperty(column)}\``
  return `MATCH (n:${kind} {tenant: $tenant}) WHERE ${property} IS NOT NULL
RETURN DISTINCT ${property} AS value, CASE WHEN size(${property}) > $long THEN ${whole} END AS whole
ORDER BY value LIMIT $limit`
}

export function countNodes(kind: NodeKind, where: Filter): string {
  return `MATCH (n:${kind} {tenant: $tenant})
WHERE ${['n.uid IS NOT NULL', ...conditions(kind, where)].join(' AND ')}
WITH n LIMIT $limit RETURN count(n) AS n`
}

export function dumpNodes(kind: NodeKind, after: boolean): string {
  return `MATCH (n:${kind} {tenant: $tenant}) WHERE ${after ? 'n.uid > $after' : 'n.uid IS NOT NULL'}
RETURN properties(n) AS node, n.tenant AS tenant, n.uid AS uid ORDER BY tenant, uid LIMIT $limit`
}

/** Relationships of one kind, in pages of the nodes that they go out from. */
export function dumpEdges(kind: EdgeKind, after: boolean): string {
  const { from, to } = edgeEnds(kind)
  return `MATCH (a:${from} {tenant: $tenant}) WHERE ${after ? 'a.uid > $after' : 'a.uid IS NOT NULL'}
WITH a, a.tenant AS tenant, a.uid AS uid ORDER BY tenant, uid LIMIT $limit
OPTIONAL MATCH (a)-[:${kind}]->(b:${to})
RETURN uid, a.\`${keyColumn(from)}\` AS from, b.\`${keyColumn(to)}\` AS to, b.uid AS other
ORDER BY uid, other`
}

export function deleteNodes(kind: NodeKind): string {
  return `MATCH (n:${kind} {tenant: $tenant}) WHERE n.uid IS NOT NULL
WITH n LIMIT $limit DETACH DELETE n RETURN count(*) AS n`
}

function conditions(kind: NodeKind, where: Filter): string[] {
  const property = (name: string): string => `n.\`${indexedProperty(kind, name)}\``
  return [
    ...Object.keys(where.equals ?? {}).map((name) => `${property(name)} IN $equals.\`${name}\``),
    ...Object.keys(where.min ?? {}).map((name) => `${property(name)} >= $min.\`${name}\``),
    ...Object.keys(where.max ?? {}).map((name) => `${property(name)} <= $max.\`${name}\``),
    ...(where.any === undefined
      ? []
      : [
          `(${[...Object.keys(where.any).map((name) => `${property(name)} IN $any.\`${name}\``), 'false'].join(' OR ')})`,
        ]),
  ]
}

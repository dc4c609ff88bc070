import { MAX_WALK } from '../limits.ts'
import type { Filter, StoreQuestion } from '../store.ts'
import { comparable, indexed } from './rows.ts'
import * as statements from './statements.ts'

/*
 * The questions that people ask, as one statement each that can be pasted into a browser of the database. What
 * lists nodes is the very statement of the store; the others gather in one what the API reads step by step.
 */

/** Every value is a literal in it, so that nothing has to be given beside it. */
export function cypherOf(question: StoreQuestion, tenant: string): string {
  const [statement, parameters] = statementOf(question)
  return inlined(statement, { ...parameters, tenant })
}

type Parameters = Readonly<Record<string, unknown>>

function statementOf(question: StoreQuestion): readonly [string, Parameters] {
  switch (question.ask) {
    case 'page': {
      const { query } = question
      const { where, limit } = query
      const sets = (given: Filter['equals']): Parameters =>
        Object.fromEntries(
          Object.entries(given ?? {}).map(([name, values]) => [
            name,
            values.map((value) => comparable(query.kind, name, value)),
          ]),
        )
      const { min = {}, max = {} } = where
      const [equals, any] = [sets(where.equals), sets(where.any)]
      return [statements.pageNodes(query), { equals, any, min, max, limit }]
    }
    case 'chain':
      return [CHAIN, { link: indexed(question.link) }]
    case 'agent':
      return [AGENT, { agent: comparable('Action', 'agent', question.agent) }]
    case 'resting': {
      const { on, id, since } = question
      return [`${RESTING[on]}\n${EXECUTED}`, { id: indexed(id), since }]
    }
  }
}

/** From the topmost link that is named down. */
const CHAIN = `MATCH path = (:Link {tenant: $tenant, uid: $link})-[:DERIVED_FROM*0..${MAX_WALK}]->(top:Link)
WITH top ORDER BY length(path) DESC LIMIT 1
MATCH (top)<-[:DERIVED_FROM*0..${MAX_WALK}]-(n:Link)
WITH DISTINCT n
OPTIONAL MATCH (n)-[:HELD_BY]->(holder:Agent)
OPTIONAL MATCH (n)<-[:UNDER]-(call:Action)
RETURN n.hash AS link, n.parent AS parent, n.depth AS depth, holder.id AS holder,
  n.signature AS signature, n.outcome AS verdict, collect(call.id) AS calls
ORDER BY depth, link`

const AGENT = `MATCH (n:Action {tenant: $tenant, agent: $agent}) WHERE n.at IS NOT NULL
OPTIONAL MATCH (n)<-[:ABOUT_ACTION]-(f:Finding {agent: $agent, class: 'inheritance', state: 'open'})
WITH n, count(f) > 0 AS inherited
RETURN n.tool AS tool, count(n) AS uses, sum(CASE WHEN inherited THEN 1 ELSE 0 END) AS inherited,
  max(n.at) AS lastUsedAt
ORDER BY tool`

const RESTING = {
  link: `MATCH (:Link {tenant: $tenant, uid: $id})<-[:DERIVED_FROM*0..${MAX_WALK}]-(link:Link)
WITH DISTINCT link MATCH (n:Action)-[:UNDER]->(link)`,
  approval: 'MATCH (n:Action)-[:USED]->(:Approval {tenant: $tenant, uid: $id})',
  credential: 'MATCH (n:Action {tenant: $tenant, credential: $id})',
} as const

const EXECUTED = `WHERE n.effect IN ['ok', 'unknown'] AND n.at >= $since
RETURN DISTINCT n.id AS action, n.agent AS agent, n.tool AS tool, n.at AS at
ORDER BY at DESC, action`

/** Each parameter is written where it stands, once: what is written is not looked through again. */
function inlined(statement: string, parameters: Parameters): string {
  return statement.replaceAll(/\$(\w+)(?:\.`(\w+)`)?/g, (_, name: string, field?: string) => {
    const value = parameters[name]
    return literal(field === undefined ? value : (value as Parameters)[field])
  })
}

/**
 * A value as Cypher writes it. Neo4j reads `\u0027` as the quote that ends a text, before it parses. So no text
 * of the value stands behind a backslash: what is behind one in the value is a text of its own.
 */
export function literal(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(literal).join(', ')}]`
  if (typeof value === 'boolean') return String(value)
  if (typeof value !== 'string') return BigInt(String(value)).toString()
  const parts = value.split('\\').map((part) => `'${part.replaceAll(UNSAFE, escaped)}'`)
  return parts.length === 1 ? parts.join() : `(${parts.join(String.raw` + '\\' + `)})`
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what must not be pasted
const UNSAFE = /['\u0000-\u001f\u007f]/g

function escaped(unit: string): string {
  return unit === "'" ? String.raw`\'` : `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`
}

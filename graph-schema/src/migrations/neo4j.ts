import { type Column, NODE_KINDS } from '../graph/kinds.ts'
import type { Migration } from './migration.ts'

/**
 * Constraints and indexes of a graph in Neo4j 5, in order. Every node carries `tenant`, so that one
 * database can hold several graphs, and `uid`, its key under one name; the two together are unique,
 * and no MERGE is without that constraint. Community edition has all that is used here.
 */
export function neo4jMigrations(): readonly Migration[] {
  return [
    {
      id: '0001-keys',
      statements: [
        'CREATE CONSTRAINT delegraph_meta IF NOT EXISTS FOR (n:DelegraphMeta) REQUIRE (n.tenant, n.uid) IS UNIQUE',
        ...Object.keys(NODE_KINDS).map(
          (kind) =>
            `CREATE CONSTRAINT delegraph_${kind} IF NOT EXISTS FOR (n:${kind}) REQUIRE (n.tenant, n.uid) IS UNIQUE`,
        ),
      ],
    },
    { id: '0002-lookups', statements: Object.entries(NODE_KINDS).flatMap(lookupIndexes) },
    { id: '0003-standing', statements: [STANDING] },
    { id: '0004-decisions', statements: [DECISIONS] },
    { id: '0005-reasons', statements: [REASONS] },
    { id: '0006-series', statements: [SERIES] },
  ]
}

/** Findings of an earlier form: nobody said anything of them, and they are found by what filters ask. */
const STANDING = `MATCH (n:Finding) WHERE n.triage IS NULL AND n.severity IS NOT NULL
SET n.urgency = CASE WHEN n.pages THEN 1000 ELSE 0 END + n.severity * 100,
  n.triage = 'new', n.assignee = '', n.suppressed = false, n.suppressedBy = ''`

/** Decisions of an earlier form. */
const DECISIONS = `MATCH (n:Decision) WHERE n.kind IS NULL AND n.verdict IS NOT NULL
SET n.kind = CASE WHEN n.intent IS NULL THEN 'request' ELSE 'intent' END`

/** Findings of an earlier form are found by why they were put aside. */
const REASONS = `MATCH (n:Finding) WHERE n.reason IS NULL AND n.triage IS NOT NULL
OPTIONAL MATCH (t:Triage {tenant: n.tenant, uid: n.uid})
SET n.reason = coalesce(t.reason, '')`

/** Findings of an earlier form: until the graph is made anew each is the same only as its repetitions. */
const SERIES = `MATCH (n:Finding) WHERE n.series IS NULL AND n.fingerprint IS NOT NULL
SET n.series = n.fingerprint`

function lookupIndexes([kind, { key, columns }]: [
  string,
  { readonly key: string; readonly columns: Readonly<Record<string, Column>> },
]): string[] {
  return Object.entries(columns)
    .filter(([name, column]) => column.indexed === true && name !== key)
    .map(
      ([name]) =>
        `CREATE INDEX delegraph_${kind}_${name} IF NOT EXISTS FOR (n:${kind}) ON (n.tenant, n.\`${name}\`)`,
    )
}

import { NODE_KINDS } from '../graph/kinds.js'
/**
 * Constraints and indexes of a graph in Neo4j 5, in order. Every node carries `tenant`, so that one
 * database can hold several graphs, and `uid`, its key under one name; the two together are unique,
 * and no MERGE is without that constraint. Community edition has all that is used here.
 */
export function neo4jMigrations() {
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
  ]
}
function lookupIndexes([kind, { key, columns }]) {
  return Object.entries(columns)
    .filter(([name, column]) => column.indexed === true && name !== key)
    .map(
      ([name]) =>
        `CREATE INDEX delegraph_${kind}_${name} IF NOT EXISTS FOR (n:${kind}) ON (n.tenant, n.\`${name}\`)`,
    )
}
//# sourceMappingURL=neo4j.js.map

import { type Column, EDGE_KINDS, NODE_KINDS, type NodeKind } from '@delegraph/graph-schema'

/** Statements that make the tables, from the declared kinds. Each may be run again. */
export function schemaStatements(): string[] {
  const tables = (Object.keys(NODE_KINDS) as NodeKind[]).flatMap((kind) => {
    const { key } = NODE_KINDS[kind]
    const columns: Readonly<Record<string, Column>> = NODE_KINDS[kind].columns
    const definitions = Object.entries(columns).map(([name, column]) =>
      name === key ? `"${name}" TEXT PRIMARY KEY` : `"${name}" ${sqlType(column)}`,
    )
    const indexes = Object.entries(columns)
      .filter(([name, column]) => column.indexed === true && name !== key)
      .map(
        ([name]) =>
          `CREATE INDEX IF NOT EXISTS "${kind}_${name}" ON "${kind}" ("${name}") WHERE "${name}" IS NOT NULL`,
      )
    return [
      `CREATE TABLE IF NOT EXISTS "${kind}" (${definitions.join(', ')}) STRICT, WITHOUT ROWID`,
      ...indexes,
    ]
  })
  return [
    'CREATE TABLE IF NOT EXISTS meta (name TEXT PRIMARY KEY, value INTEGER NOT NULL) STRICT, WITHOUT ROWID',
    ...tables,
    'CREATE TABLE IF NOT EXISTS edge (kind TEXT NOT NULL, "from" TEXT NOT NULL, "to" TEXT NOT NULL, PRIMARY KEY (kind, "from", "to")) STRICT, WITHOUT ROWID',
    'CREATE INDEX IF NOT EXISTS edge_back ON edge (kind, "to", "from")',
  ]
}

/** What the declared kinds are like now: a graph of another form is made anew from the journal. */
export function schemaText(): string {
  return JSON.stringify([NODE_KINDS, EDGE_KINDS])
}

function sqlType(column: Column): string {
  return column.type === 'int' || column.type === 'flag' ? 'INTEGER' : 'TEXT'
}

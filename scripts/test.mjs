// `npm test`: every test, on SQLite and, where one can be had, on a real Neo4j server.
process.argv.splice(2, 0, '--bin', 'vitest', 'run')
await import('./run.mjs')

// `npm start`: the collector with its embedded graph, and one incident played by real agents.
process.argv.splice(2, 0, 'collector/src/cli/main.ts', 'demo')
await import('./run.mjs')

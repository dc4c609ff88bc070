// `npm start`: the collector with its embedded graph and console, and one incident played by real agents.
import { ensureConsole } from './ensure-console.mjs'

ensureConsole()
process.argv.splice(2, 0, 'collector/src/cli/main.ts', 'demo')
await import('./run.mjs')

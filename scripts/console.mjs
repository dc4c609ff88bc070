// `npm run console`: builds the web console where its sources are newer than what was built.
import { ensureConsole } from './ensure-console.mjs'

ensureConsole()

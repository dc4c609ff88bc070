// Runs a source file, or with --bin a tool of node_modules, under the right Node.
import { spawn } from 'node:child_process'
import { delimiter, dirname, join, resolve } from 'node:path'
import { ensureInstalled, node24, root } from './ensure.mjs'

ensureInstalled()
const [first, ...rest] = process.argv.slice(2)
const node = node24()
const argv =
  first === '--bin'
    ? [join(root, 'node_modules', '.bin', rest[0] ?? ''), ...rest.slice(1)]
    : [
        '--conditions=delegraph-source',
        '--disable-warning=ExperimentalWarning',
        resolve(first ?? ''),
        ...rest,
      ]
const child = spawn(node, argv, {
  stdio: 'inherit',
  env: { ...process.env, PATH: `${dirname(node)}${delimiter}${process.env.PATH ?? ''}` },
})
// A terminal sends its signals to the whole group; these are for whoever signals only this process.
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => child.kill(signal))
// npm that is killed leaves its children behind: whoever lost it that way stops as well.
const parent = process.ppid
const watch = setInterval(() => process.ppid === parent || child.kill('SIGTERM'), 1_000)
child.on('exit', (code, signal) => {
  clearInterval(watch)
  process.exitCode = code ?? (signal === 'SIGINT' ? 130 : 1)
})

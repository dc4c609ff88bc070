// Builds the web console once for each state of its sources, so that a start needs no build of its own.
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { ensureInstalled, node24, root } from './ensure.mjs'

const folder = join(root, 'dashboards', 'console')
const dist = join(folder, 'dist')

/** Whether there is a console now. One that cannot be built stops nobody: the collector runs without it. */
export function ensureConsole() {
  ensureInstalled()
  const wanted = digestOfSources()
  if (isBuilt(wanted)) return true
  process.stderr.write('Building the console (once) ...\n')
  // Beside its place and then moved, since several may build at once, and others read.
  const fresh = join(root, '.cache', `console-${process.pid}`)
  mkdirSync(join(root, '.cache'), { recursive: true })
  const vite = join(root, 'node_modules', 'vite', 'bin', 'vite.js')
  // The same files whoever asks for them: under a test runner it would be a build for development.
  const env = { ...process.env, NODE_ENV: 'production' }
  const run = (...args) =>
    spawnSync(node24(), args, { cwd: folder, env, stdio: ['ignore', 2, 2] }).status === 0
  const isFresh =
    run(vite, 'build', '--logLevel', 'warn', '--outDir', fresh, '--emptyOutDir') &&
    run('--conditions=delegraph-source', join(folder, 'src/api/write-documents.ts'), fresh)
  if (isFresh) {
    writeFileSync(join(fresh, '.stamp'), wanted)
    if (!isBuilt(wanted)) replace(fresh)
  } else process.stderr.write('The console could not be built; see above. The rest goes on.\n')
  rmSync(fresh, { recursive: true, force: true })
  return isFresh
}

function isBuilt(wanted) {
  const stamp = join(dist, '.stamp')
  return existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted
}

function replace(fresh) {
  const before = `${fresh}-before`
  if (existsSync(dist)) renameSync(dist, before)
  renameSync(fresh, dist)
  rmSync(before, { recursive: true, force: true })
}

function digestOfSources() {
  const hash = createHash('sha256')
  for (const path of sources()) {
    hash
      .update(path)
      .update('\0')
      .update(readFileSync(join(root, path)))
  }
  return hash.digest('hex')
}

/** All that a build reads. */
function sources() {
  const under = (path) =>
    readdirSync(join(root, path), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath.slice(root.length + 1), entry.name))
  return [
    ...under('dashboards/console/src'),
    ...under('dashboards/console/public'),
    ...under('dashboards/console/views'),
    ...under('dashboards/console/questions'),
    ...under('graph-schema/src'),
    ...under('docs/rules'),
    'dashboards/console/index.html',
    'dashboards/console/vite.config.ts',
    'dashboards/console/tsconfig.json',
    'scripts/ensure-console.mjs',
    'package-lock.json',
  ].sort()
}

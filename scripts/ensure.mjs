// Makes a checkout ready to run, with nothing but Node 20 and npm: installs what the lock file names,
// once for each state of it, and finds the Node 24 that comes with it.
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

export const root = dirname(dirname(fileURLToPath(import.meta.url)))

/** Installs a folder when needed. What npm says goes to stderr, so that stdout stays the program's. */
export function ensureInstalled(folder = root) {
  const lock = readFileSync(join(folder, 'package-lock.json'))
  const wanted = createHash('sha256').update(lock).digest('hex')
  const stamp = join(folder, 'node_modules', '.delegraph-installed')
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return
  process.stderr.write('Installing dependencies (once) ...\n')
  // Not `npm ci`: it refuses a lock file without the entries of other platforms' optional binaries.
  const npm = spawnSync(
    'npm',
    ['install', '--no-save', '--no-audit', '--no-fund', '--loglevel=error'],
    { cwd: folder, stdio: ['ignore', 2, 2] },
  )
  if (npm.status !== 0) {
    process.stderr.write('npm install did not succeed; see above.\n')
    process.exit(npm.status ?? 1)
  }
  writeFileSync(stamp, wanted)
}

/** A Node that can run the sources: this one, or the one that the lock file brings for Linux. */
export function node24() {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number)
  if (major > 22 || (major === 22 && minor >= 22)) return process.execPath
  const bundled = join(root, 'node_modules', `node-linux-${process.arch}`, 'bin', 'node')
  if (existsSync(bundled)) return bundled
  process.stderr.write(
    `Delegraph needs Node 22.22 or newer here; this is ${process.version} on ${process.platform}-${process.arch}.\n`,
  )
  process.exit(1)
}

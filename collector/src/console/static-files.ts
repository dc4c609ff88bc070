import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { extname, join, relative, sep } from 'node:path'
import { fileURLToPath } from 'node:url'

/** One file of the built console, kept in memory: the whole of it is a few megabytes. */
export interface StaticFile {
  readonly bytes: Buffer
  readonly type: string
  readonly etag: string
}

/** The files of a built console by URL path: `/index.html`, `/assets/main-1a2b3c4d.js`. */
export type StaticFiles = ReadonlyMap<string, StaticFile>

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.json': 'application/json; charset=utf-8',
  '.woff2': 'font/woff2',
}

/** Where a checkout builds its console: `npm start` and `npm run console`. */
export const BUILT_CONSOLE: string = fileURLToPath(
  new URL('../../../dashboards/console/dist', import.meta.url),
)

/**
 * Reads a built console once. Requests are answered from this map alone, so that no path of a request
 * ever reaches the file system. Undefined where there is none.
 */
export function readConsole(folder: string): StaticFiles | undefined {
  if (!existsSync(join(folder, 'index.html'))) return undefined
  const files = new Map<string, StaticFile>()
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    const type = TYPES[extname(entry.name)]
    if (!entry.isFile() || type === undefined) continue
    const path = join(entry.parentPath, entry.name)
    const bytes = readFileSync(path)
    const etag = `"${createHash('sha256').update(bytes).digest('base64url').slice(0, 22)}"`
    files.set(`/${relative(folder, path).split(sep).join('/')}`, { bytes, type, etag })
  }
  return files
}

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

let count = 0

/** Keeps the graphs of one run apart in one database. */
export function uniqueTenant(): string {
  count += 1
  return `test-${process.pid}-${Date.now()}-${count}`
}

/** A folder that is removed when the test is over. */
export function temporaryFolder(): { readonly path: string } & Disposable {
  const path = mkdtempSync(join(tmpdir(), 'delegraph-test-'))
  return { path, [Symbol.dispose]: () => rmSync(path, { recursive: true, force: true }) }
}

import { mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'

/** The folder in the data folder of what runs say to each other, of the state, and of graphs beside. */
export function retentionFolder(data: string): string {
  const folder = join(data, 'retention')
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  return folder
}

/** A folder for graphs that are made to compare, removed at the end. */
export function workFolder(data: string): { readonly path: string } & Disposable {
  const path = mkdtempSync(join(retentionFolder(data), `work-${process.pid}-`))
  return { path, [Symbol.dispose]: () => rmSync(path, { recursive: true, force: true }) }
}

/** Removes what processes left that are gone. Not while one of this process is in use. */
export function removeLeftWork(data: string): void {
  const folder = retentionFolder(data)
  for (const name of readdirSync(folder)) {
    const pid = Number(/^work-(\d+)-/.exec(name)?.[1] ?? Number.NaN)
    if (Number.isNaN(pid) || (pid !== process.pid && isAlive(pid))) continue
    rmSync(join(folder, name), { recursive: true, force: true })
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}

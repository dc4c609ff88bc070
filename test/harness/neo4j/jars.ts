import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

const CACHE = join(import.meta.dirname, '..', '..', '..', '.cache', 'neo4j')
const LIB = join(CACHE, 'lib')
const COMPLETE = join(CACHE, 'complete-5.26.30')

export function haveJars(): boolean {
  return existsSync(COMPLETE) && existsSync(LIB)
}

/** The server's jars, about 123 MB; fetched once, whole or not at all. */
export function fetchJars(): string {
  if (haveJars()) return LIB
  mkdirSync(CACHE, { recursive: true })
  const part = mkdtempSync(join(CACHE, 'part-'))
  process.stderr.write('Fetching Neo4j 5.26.30 for the tests (once, 123 MB) ...\n')
  const goal = ['dependency:copy-dependencies', '-DincludeScope=runtime']
  const { status } = spawnSync(
    'mvn',
    ['-B', '-q', '-f', join(import.meta.dirname, 'pom.xml'), ...goal, `-DoutputDirectory=${part}`],
    { stdio: ['ignore', 2, 2] },
  )
  if (status !== 0) {
    rmSync(part, { recursive: true, force: true })
    throw new Error('mvn could not fetch Neo4j; its output is above')
  }
  // Another run may have been faster.
  if (haveJars()) {
    rmSync(part, { recursive: true, force: true })
    return LIB
  }
  rmSync(LIB, { recursive: true, force: true })
  renameSync(part, LIB)
  writeFileSync(COMPLETE, '')
  return LIB
}

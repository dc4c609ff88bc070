import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const BESIDE = fileURLToPath(new URL('../../../shared/conformance', import.meta.url))

/**
 * Where the vectors of others are: `DELEGRAPH_CONFORMANCE`, or a folder beside the repository. They
 * are read and never copied, so a checkout may be without them.
 */
export const FOLDER: string | undefined = [process.env['DELEGRAPH_CONFORMANCE'], BESIDE].find(
  (path) => path !== undefined && path !== '' && existsSync(path),
)

/** A JSON file of that folder, parsed. */
export function readVectors<Shape>(name: string): Shape {
  return JSON.parse(readText(name)) as Shape
}

export function readText(name: string): string {
  return readFileSync(join(FOLDER ?? BESIDE, name), 'utf8')
}

export function namesIn(folder: string): string[] {
  return readdirSync(join(FOLDER ?? BESIDE, folder)).sort()
}

/** Writes `documents.json`, the documents that the console sends, into the folder of its build. */
import { globSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { argv } from 'node:process'
import { pathToFileURL } from 'node:url'
import { trustedDocuments } from './trusted-documents.ts'

const src = join(import.meta.dirname, '..')
const modules = globSync('**/documents.ts', { cwd: src })
  .sort()
  .map((path) => import(pathToFileURL(join(src, path)).href) as Promise<object>)
const [, , folder = '.'] = argv
writeFileSync(
  join(folder, 'documents.json'),
  `${JSON.stringify(trustedDocuments(await Promise.all(modules)), null, 1)}\n`,
)

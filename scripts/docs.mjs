// npm run docs -- build | dev: the documents as a site. Its packages are its own and are installed here, so that
// running the product needs none of them.
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { ensureInstalled, node24, root } from './ensure.mjs'

const docs = join(root, 'docs')
ensureInstalled(docs)
const [command = 'build', ...rest] = process.argv.slice(2)
const vitepress = join(docs, 'node_modules', 'vitepress', 'bin', 'vitepress.js')
const { status } = spawnSync(node24(), [vitepress, command, docs, ...rest], { stdio: 'inherit' })
process.exitCode = status ?? 1

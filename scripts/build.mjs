// `npm run build`: JavaScript and type declarations for each package, in the order of their imports.
// Nothing in this checkout needs it; whoever installs a package from a folder or a tarball does.
import { spawnSync } from 'node:child_process'
import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { ensureInstalled, node24, root } from './ensure.mjs'

ensureInstalled()
for (const name of ['graph-schema', 'link', 'sdk', 'collector']) {
  rmSync(join(root, name, 'dist'), { recursive: true, force: true })
  const { status } = spawnSync(
    node24(),
    [join(root, 'node_modules', '.bin', 'tsc'), '-p', join(root, name, 'tsconfig.build.json')],
    { stdio: 'inherit' },
  )
  if (status !== 0) process.exit(status ?? 1)
}

import { configLeaves } from '../../config/leaves.ts'
import type { Config } from '../../config.ts'
import { type Check, failed, ok, warning } from './check.ts'

/** Node 22.22 has what the collector uses; 24 is what it is tested with. */
const OLDEST = [22, 22] as const
const TESTED = 24

export function nodeCheck(version: string): Check {
  const [major = 0, minor = 0] = version.replace('v', '').split('.').map(Number)
  const old = major < OLDEST[0] || (major === OLDEST[0] && minor < OLDEST[1])
  const todo = `use Node ${TESTED}; "npm run delegraph" brings it`
  if (old) return failed('node', `${version} is older than ${OLDEST.join('.')}`, todo)
  if (major < TESTED) return warning('node', `${version}; tests run on ${TESTED}`, todo)
  return ok('node', version)
}

/** Variables with our prefix that nothing reads: a slip of the pen is silent otherwise. */
const OTHERS: ReadonlySet<string> = new Set([
  'DELEGRAPH_CONFIG',
  'DELEGRAPH_LOG',
  'DELEGRAPH_DEBUG',
  'DELEGRAPH_CONFORMANCE',
  'DELEGRAPH_TOKEN',
])

export function environmentCheck(
  env: Readonly<Record<string, string | undefined>>,
  { auth }: Config,
): Check {
  const known = new Set([
    ...configLeaves().flatMap((leaf) => leaf.env ?? []),
    ...(auth?.tokens ?? []).flatMap((token) => token.env ?? []),
    ...[auth?.oidc?.login?.clientSecretEnv].flatMap((name) => name ?? []),
  ])
  const strange = Object.keys(env).filter(
    (name) =>
      name.startsWith('DELEGRAPH_') &&
      !name.startsWith('DELEGRAPH_REQUIRE_') &&
      !known.has(name) &&
      !OTHERS.has(name),
  )
  if (strange.length === 0) return ok('env', 'every DELEGRAPH_ variable is known')
  return warning(
    'env',
    `nothing reads ${strange.join(', ')}`,
    'look the name up in docs/configuration.md',
  )
}

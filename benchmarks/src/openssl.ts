import { spawnSync } from 'node:child_process'

/** As long as a run of ours; signing, which nobody asked for, takes as long again before. */
const SECONDS = '1'

/** Verifications per CPU-second of `openssl speed`, the reference that everybody can run. */
export function opensslVerifyRate(algorithm: 'ed25519' | 'ecdsap256'): number {
  const { stdout, status, error } = spawnSync(
    'openssl',
    ['speed', '-seconds', SECONDS, algorithm],
    { encoding: 'utf8' },
  )
  if (status !== 0) throw new Error('this benchmark needs the openssl command', { cause: error })
  const line = stdout.trim().split('\n').at(-1) ?? ''
  // The last column is verifications per second of user time.
  const rate = Number(line.trim().split(/\s+/).at(-1))
  if (!Number.isFinite(rate)) throw new Error(`openssl speed answered as nobody expects: ${line}`)
  return rate
}

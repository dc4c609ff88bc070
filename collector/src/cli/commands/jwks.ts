import { writeFileSync } from 'node:fs'
import type { Command } from 'commander'
import { calculateJwkThumbprint, type JWK } from 'jose'
import { CollectorError } from '../../errors.ts'
import { algOf, keyIn } from '../../transfer/key-file.ts'

/** Members of a public Ed25519 or P-256 key: whatever else a file has stays in it. */
const PUBLIC: Readonly<Record<string, readonly string[]>> = {
  OKP: ['kty', 'crv', 'x'],
  EC: ['kty', 'crv', 'x', 'y'],
}

/** `delegraph jwks`: the public halves of keys as one set, for others to fetch. */
export function addJwks(program: Command): void {
  program
    .command('jwks')
    .description('print the public halves of key files as a JWK set')
    .argument(
      '<files...>',
      'files that "keygen" wrote, or public keys; the old and the new one while a key is rotated',
    )
    .option('--out <file>', 'file to write; standard output where absent')
    .option('--json', 'accepted everywhere; the set is JSON anyway')
    .action(async (files: readonly string[], { out }: { readonly out?: string }) => {
      const keys = await Promise.all(files.map(publicKeyIn))
      const twice = keys.find(({ kid }, at) => keys.findIndex((key) => key.kid === kid) !== at)
      if (twice !== undefined)
        throw new CollectorError('config_invalid', `two keys have the kid ${twice.kid}`)
      const text = `${JSON.stringify({ keys }, null, 2)}\n`
      if (out === undefined) process.stdout.write(text)
      else writeFileSync(out, text)
    })
}

async function publicKeyIn(file: string): Promise<JWK> {
  const jwk = keyIn(file)
  const alg = algOf(jwk, file)
  const given: Readonly<Record<string, unknown>> = { ...jwk }
  const members = (PUBLIC[String(jwk.kty)] ?? []).map((name) => [name, given[name]] as const)
  if (members.length === 0 || members.some(([, value]) => typeof value !== 'string'))
    throw new CollectorError('file_unreadable', `${file} has no Ed25519 or P-256 key`)
  const open = { ...(Object.fromEntries(members) as JWK), alg, use: 'sig' }
  const { kid: own } = jwk
  const kid = typeof own === 'string' ? own : await calculateJwkThumbprint(open)
  return { ...open, kid }
}

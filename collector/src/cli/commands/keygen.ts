import { writeFileSync } from 'node:fs'
import type { Command } from 'commander'
import { calculateJwkThumbprint, exportJWK, generateKeyPair } from 'jose'
import { CollectorError } from '../../errors.ts'

interface Flags {
  readonly alg: string
  readonly out: string
  readonly kid?: string
  readonly json?: boolean
}

/** `delegraph keygen`: a key pair; the private half goes to a file that only its owner reads. */
export function addKeygen(program: Command): void {
  program
    .command('keygen')
    .description('make a key; prints the public half')
    .option('--alg <alg>', 'Ed25519 or ES256', 'Ed25519')
    .option('--out <file>', 'file of the private key, mode 0600; never overwritten', 'key.jwk')
    .option('--kid <kid>', 'key id, for keys that sign root links, approvals or the registry')
    .option('--json', 'print the public key alone, as JSON')
    .action(async (flags: Flags) => {
      if (flags.alg !== 'Ed25519' && flags.alg !== 'ES256') {
        throw new CollectorError('config_invalid', '--alg takes Ed25519 or ES256')
      }
      const pair = await generateKeyPair(flags.alg, { extractable: true })
      const kid = flags.kid === undefined ? {} : { kid: flags.kid }
      const secret = { ...(await exportJWK(pair.privateKey)), alg: flags.alg, ...kid }
      const open = { ...(await exportJWK(pair.publicKey)), alg: flags.alg }
      try {
        writeFileSync(flags.out, `${JSON.stringify(secret)}\n`, { mode: 0o600, flag: 'wx' })
      } catch (cause) {
        const exists = (cause as NodeJS.ErrnoException).code === 'EEXIST'
        throw new CollectorError(
          'file_unreadable',
          exists ? `${flags.out} exists and is left as it is` : `cannot write ${flags.out}`,
          { cause },
        )
      }
      const thumbprint = await calculateJwkThumbprint(open)
      process.stdout.write(
        flags.json === true
          ? `${JSON.stringify({ ...open, ...kid })}\n`
          : `private key  ${flags.out} (mode 0600)\npublic key   ${JSON.stringify(open)}\nthumbprint   ${thumbprint}\n`,
      )
    })
}

import { writeFileSync } from 'node:fs'
import type { Command } from 'commander'
import { openStoreOf } from '../../collector.ts'
import { type ConfigFlags, readConfig } from '../../config.ts'
import { CollectorError } from '../../errors.ts'
import { proofOf } from '../../project/proof.ts'
import { withConfig } from '../config-options.ts'

interface Flags extends ConfigFlags {
  readonly out?: string
}

/** `delegraph export`: a finding with its evidence as one file that `verify` derives again. */
export function addExport(program: Command): void {
  withConfig(program.command('export').description('write a finding and its evidence as one file'))
    .argument('<finding>', 'id of the finding')
    .option('--out <file>', 'file to write; standard output where absent')
    .option('--json', 'accepted everywhere; the file is JSON anyway')
    .action(async (id: string, flags: Flags) => {
      const config = readConfig(flags, process.env)
      await using store = await openStoreOf(config, process.env)
      await store.init()
      const [finding] = await store.find('Finding', 'id', [id])
      if (finding === undefined) {
        throw new CollectorError('config_invalid', `there is no finding ${id}`)
      }
      const proof = await proofOf(store, finding, {
        judgedAt: Number(finding.columns['updatedAt'] ?? 0),
        pendingWindow: config.pendingWindow * 1000,
      })
      const text = `${JSON.stringify(proof)}\n`
      if (flags.out === undefined) process.stdout.write(text)
      else writeFileSync(flags.out, text, { mode: 0o600 })
    })
}

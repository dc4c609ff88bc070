import { join } from 'node:path'
import type { Command } from 'commander'
import type { ConfigFlags } from '../../config.ts'
import { openJournal } from '../../journal/index.ts'
import { importJournal } from '../../transfer/import-journal.ts'
import { withConfig } from '../config-options.ts'
import { createProgress, type Progress } from '../progress.ts'
import { configOfOne } from '../read-graph.ts'

/** `delegraph import`: brings an exported journal in; the graph follows at the next start. */
export function addImport(program: Command): void {
  withConfig(
    program
      .command('import')
      .description('bring in a file that "export --journal" wrote; stop the collector first'),
  )
    .argument('<file>', 'NDJSON file')
    .option('--json', 'print the result as JSON')
    .action(async (file: string, flags: ConfigFlags & { readonly json?: boolean }) => {
      const config = configOfOne(flags)
      await using journal = await openJournal({ dir: join(config.data, 'journal') })
      let bar: Progress | undefined
      const result = await importJournal(file, journal, Date.now, (done, all) => {
        bar ??= createProgress('importing', all)
        bar.at(done)
      })
      bar?.[Symbol.dispose]()
      process.stdout.write(
        flags.json === true
          ? `${JSON.stringify(result)}\n`
          : `${result.how} ${result.records} records${result.left > 0 ? `; ${result.left} that are no evidence were left out` : ''}\n`,
      )
    })
}

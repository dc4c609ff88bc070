import { join } from 'node:path'
import type { Command } from 'commander'
import { routeOf } from '../../alerts/index.ts'
import { openStoreOf, trustFileOf } from '../../collector.ts'
import { type ConfigFlags, channelSettings } from '../../config.ts'
import { openJournal } from '../../journal/index.ts'
import { rebuildGraph } from '../../project/rebuild.ts'
import { givenTrust } from '../../trust/compose.ts'
import { withConfig } from '../config-options.ts'
import { createProgress } from '../progress.ts'
import { configOfOne } from '../read-graph.ts'

/** `delegraph rebuild`: empties the graph and makes it anew from the journal. */
export function addRebuild(program: Command): void {
  withConfig(program.command('rebuild').description('make the graph anew from the journal'))
    .option('--json', 'print the result as JSON')
    .action(async (flags: ConfigFlags & { readonly json?: boolean }) => {
      const config = configOfOne(flags)
      // The journal's lock makes sure that no collector is writing to the same graph.
      await using journal = await openJournal({ dir: join(config.data, 'journal') })
      await using store = await openStoreOf(config, process.env)
      await store.init()
      using bar = createProgress('rebuilding', journal.lastSeq)
      const records = await rebuildGraph({
        store,
        journal,
        trust: givenTrust(trustFileOf(config)),
        // What was delivered is in the journal too, so only what is still owed stays owed.
        channels: channelSettings(config).map(routeOf),
        pendingWindow: config.pendingWindow * 1000,
        clock: Date.now,
        onProgress: (position) => bar.at(position),
      })
      const result = { records, store: store.name }
      process.stdout.write(
        flags.json === true
          ? `${JSON.stringify(result)}\n`
          : `rebuilt ${store.name} from ${result.records} journal records\n`,
      )
    })
}

import { join } from 'node:path'
import type { Command } from 'commander'
import { routeOf } from '../../alerts/index.ts'
import { openStoreOf, trustFileOf } from '../../collector.ts'
import { type ConfigFlags, channelSettings, readConfig } from '../../config.ts'
import { openJournal } from '../../journal/index.ts'
import { Projector } from '../../project/projector.ts'
import { givenTrust } from '../../trust/compose.ts'
import { withConfig } from '../config-options.ts'
import { createProgress } from '../progress.ts'

/** `delegraph rebuild`: empties the graph and makes it anew from the journal. */
export function addRebuild(program: Command): void {
  withConfig(program.command('rebuild').description('make the graph anew from the journal'))
    .option('--json', 'print the result as JSON')
    .action(async (flags: ConfigFlags & { readonly json?: boolean }) => {
      const config = readConfig(flags, process.env)
      // The journal's lock makes sure that no collector is writing to the same graph.
      await using journal = await openJournal({ dir: join(config.data, 'journal') })
      await using store = await openStoreOf(config, process.env)
      await store.init()
      await store.clear()
      let failure: unknown
      const projector = new Projector({
        store,
        journal,
        // Keys that were found elsewhere are in the journal.
        trust: givenTrust(trustFileOf(config)),
        // What was delivered is in the journal too, so only what is still owed stays owed.
        channels: channelSettings(config).map(routeOf),
        pendingWindow: config.pendingWindow * 1000,
        clock: Date.now,
        onEvents: () => {},
        onError: (error) => {
          failure ??= error
        },
      })
      await projector.start()
      {
        using bar = createProgress('rebuilding', journal.lastSeq)
        while (projector.position < journal.lastSeq && failure === undefined) {
          bar.at(projector.position)
          await new Promise((resolve) => setTimeout(resolve, 100))
        }
        bar.at(projector.position)
      }
      await projector[Symbol.asyncDispose]()
      if (failure !== undefined) throw failure
      const result = { records: projector.position, store: store.name }
      process.stdout.write(
        flags.json === true
          ? `${JSON.stringify(result)}\n`
          : `rebuilt ${store.name} from ${result.records} journal records\n`,
      )
    })
}

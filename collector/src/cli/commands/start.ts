import type { Command } from 'commander'
import { STANDARD_OUTPUT } from '../../alerts/index.ts'
import { startCollector } from '../../collector.ts'
import { type Config, type ConfigFlags, channelSettings, readConfig } from '../../config.ts'
import { CollectorError } from '../../errors.ts'
import { createLogger } from '../../operate/logger.ts'
import { startTenants } from '../../tenants/start-tenants.ts'
import { withConfig, withPorts } from '../config-options.ts'
import { createProgress, type Progress } from '../progress.ts'
import { untilStopped } from '../until-stopped.ts'

/** On a terminal, where reading the journal into the graph takes a while. */
function replayBar(): { readonly at: (done: number, all: number) => void } & Disposable {
  let bar: Progress | undefined
  return {
    at(done, all) {
      bar ??= createProgress('reading the journal', all)
      bar.at(done)
    },
    [Symbol.dispose]: () => bar?.[Symbol.dispose](),
  }
}

function writesFindings(config: Config): boolean {
  return channelSettings(config).some(
    (channel) => channel.kind === 'ocsf' && channel.file === STANDARD_OUTPUT,
  )
}

/** `delegraph start`: runs the collector until it is told to stop. */
export function addStart(program: Command): void {
  withPorts(withConfig(program.command('start').description('run the collector')))
    .option('--json', 'print where it listens as one JSON line')
    .action(async (flags: ConfigFlags & { readonly json?: boolean }) => {
      const config = readConfig(flags, process.env)
      const logger = createLogger(process.env['DELEGRAPH_LOG'])
      const options = { config, env: process.env, logger }
      if (flags.tenant !== undefined) {
        throw new CollectorError('config_invalid', 'start serves all tenants: leave --tenant out')
      }
      const bar = replayBar()
      await using collector =
        config.tenants === undefined
          ? await startCollector({ ...options, onReplay: bar.at })
          : await startTenants(options)
      bar[Symbol.dispose]()
      const { otlpUrl, graphqlUrl, consoleUrl } = collector
      const store = config.store.kind
      // Whoever reads the line below may stop it at once.
      const stopped = untilStopped()
      // Where findings go to standard output, they are its data.
      const out = writesFindings(config) ? process.stderr : process.stdout
      out.write(
        flags.json === true
          ? `${JSON.stringify({ otlp: otlpUrl, graphql: graphqlUrl, console: consoleUrl, store })}\n`
          : `OTLP     ${otlpUrl}\nGraphQL  ${graphqlUrl}\nConsole  ${consoleUrl ?? 'not built: npm run console'}\nGraph    ${store}\nStop     Ctrl+C\n`,
      )
      await stopped
    })
}

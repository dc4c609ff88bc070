import type { Command } from 'commander'
import { pino } from 'pino'
import { startCollector } from '../../collector.ts'
import { type ConfigFlags, readConfig } from '../../config.ts'
import { withConfig, withPorts } from '../config-options.ts'
import { untilStopped } from '../until-stopped.ts'

/** `delegraph start`: runs the collector until it is told to stop. */
export function addStart(program: Command): void {
  withPorts(withConfig(program.command('start').description('run the collector')))
    .option('--json', 'print where it listens as one JSON line')
    .action(async (flags: ConfigFlags & { readonly json?: boolean }) => {
      const config = readConfig(flags, process.env)
      const logger = pino({ level: process.env['DELEGRAPH_LOG'] ?? 'warn' }, pino.destination(2))
      await using collector = await startCollector({ config, env: process.env, logger })
      const { otlpUrl, graphqlUrl, consoleUrl } = collector
      // Whoever reads the line below may stop it at once.
      const stopped = untilStopped()
      process.stdout.write(
        flags.json === true
          ? `${JSON.stringify({ otlp: otlpUrl, graphql: graphqlUrl, console: consoleUrl, store: collector.store.name })}\n`
          : `OTLP     ${otlpUrl}\nGraphQL  ${graphqlUrl}\nConsole  ${consoleUrl ?? 'not built: npm run console'}\nGraph    ${collector.store.name}\nStop     Ctrl+C\n`,
      )
      await stopped
    })
}

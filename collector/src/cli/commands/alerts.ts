import type { Command } from 'commander'
import { type ChannelStanding, channelStanding, tryChannel } from '../../alerts/index.ts'
import { channelsOf } from '../../collector.ts'
import { type ConfigFlags, channelSettings } from '../../config.ts'
import { CollectorError } from '../../errors.ts'
import type { CommandContext } from '../command-context.ts'
import { withConfig } from '../config-options.ts'
import { EXIT } from '../exit-codes.ts'
import { paint } from '../paint.ts'
import { configOfOne, openGraphToRead } from '../read-graph.ts'

interface Flags extends ConfigFlags {
  readonly json?: boolean
}

/** `delegraph alerts`: whether the channels work, and what they are owed. */
export function addAlerts(program: Command, context: CommandContext): void {
  const alerts = program.command('alerts').description('where alerts go, and whether they arrive')
  withConfig(
    alerts.command('list').description('channels with what is owed, last delivery and last error'),
  )
    .option('--json', 'print as JSON')
    .action(async (flags: Flags) => {
      const config = configOfOne(flags)
      await using store = await openGraphToRead(config)
      const all: ChannelStanding[] = []
      for (const settings of channelSettings(config)) {
        all.push(await channelStanding(store, settings))
      }
      if (flags.json === true) process.stdout.write(`${JSON.stringify(all, null, 2)}\n`)
      else if (all.length === 0) process.stdout.write('no channels\n')
      else for (const standing of all) process.stdout.write(`${draw(standing)}\n`)
    })
  withConfig(
    alerts.command('test').description('send a test finding to one channel and take it back'),
  )
    .argument('<name>', 'name of the channel')
    .option('--json', 'print the results as JSON')
    .action(async (name: string, flags: Flags) => {
      const config = configOfOne(flags)
      // Only this channel is opened: another one's missing secret is not its fault.
      const [channel] = channelsOf(config, name)
      if (channel === undefined) {
        const names = channelSettings(config).map((settings) => settings.name)
        const known = names.length === 0 ? 'none is configured' : `there is ${names.join(', ')}`
        throw new CollectorError('config_invalid', `no channel ${name}: ${known}`)
      }
      const { result, ...told } = await tryChannel(channel, Date.now())
      const exitCode = EXIT_OF[result]
      const line = flags.json === true ? JSON.stringify({ ...told, exitCode }) : told.says
      process.stdout.write(`${line}\n`)
      context.exitCode = exitCode
    })
}

const EXIT_OF = { delivered: EXIT.ok, later: EXIT.unreachable, refused: EXIT.error } as const

function draw({ name, kind, owed, held, dead, lastDelivery, lastError }: ChannelStanding): string {
  const counts = [
    `${owed} owed`,
    ...(held > 0 ? [`${held} held back`] : []),
    ...(dead > 0 ? [`${dead} given up`] : []),
  ]
  const last = lastDelivery === undefined ? 'nothing delivered' : `delivered ${lastDelivery}`
  const line = `${name.padEnd(16)} ${kind.padEnd(12)} ${counts.join(', ').padEnd(16)} ${last}`
  return lastError === undefined
    ? line
    : `${line}  ${paint('yellow', `${lastError.at} ${lastError.reason}`)}`
}

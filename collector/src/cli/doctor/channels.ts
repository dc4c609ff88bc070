import { constants } from 'node:fs'
import { access, lstat } from 'node:fs/promises'
import { connect } from 'node:net'
import { dirname } from 'node:path'
import { type ChannelSettings, STANDARD_OUTPUT } from '../../alerts/index.ts'
import { channelsOf } from '../../collector.ts'
import { type Config, channelSettings, readSecret } from '../../config.ts'
import { type Check, failed, messageOf, ok } from './check.ts'

const PATIENCE = 3_000

/**
 * Whether each channel's secrets can be read and its receiver be reached. Nothing is sent: a connection
 * is opened and closed. `delegraph alerts test` sends.
 */
export function channelChecks(config: Config): Promise<Check[]> {
  return Promise.all(channelSettings(config).map((settings) => channelCheck(config, settings)))
}

async function channelCheck(config: Config, settings: ChannelSettings): Promise<Check> {
  const { name, kind } = settings
  try {
    channelsOf(config, name)
  } catch (error) {
    return failed('alerts', messageOf(error), 'make the file that the channel names readable')
  }
  const trouble =
    settings.kind === 'ocsf' && settings.file !== undefined
      ? settings.file === STANDARD_OUTPUT
        ? undefined
        : await fileTrouble(settings.file)
      : await reachTrouble(addressOf(settings))
  if (trouble === undefined)
    return ok('alerts', `${name} (${kind}) can be reached; nothing was sent`)
  return failed(
    'alerts',
    `${name} (${kind}): ${trouble}`,
    `see that its receiver is there; then: delegraph alerts test ${name}`,
  )
}

function addressOf(settings: ChannelSettings): URL | undefined {
  const text = 'urlFile' in settings ? readSecret(settings.urlFile) : settings.url
  return text !== undefined && URL.canParse(text) ? new URL(text) : undefined
}

/** Host and port are said, never the path: it may be the secret. */
function reachTrouble(url: URL | undefined): Promise<string | undefined> {
  if (url === undefined) return Promise.resolve('its address is no URL')
  const port = Number(url.port) || (url.protocol === 'https:' ? 443 : 80)
  return new Promise((resolve) => {
    const socket = connect({ host: url.hostname.replace(/^\[|\]$/g, ''), port, timeout: PATIENCE })
    const end = (trouble?: string): void => {
      socket.destroy()
      resolve(trouble)
    }
    socket.once('connect', () => end())
    socket.once('timeout', () => end(`${url.hostname}:${port} does not answer`))
    socket.once('error', (error: NodeJS.ErrnoException) =>
      end(`${url.hostname}:${port} cannot be reached (${error.code ?? 'unknown'})`),
    )
  })
}

async function fileTrouble(file: string): Promise<string | undefined> {
  try {
    const there = await lstat(file).catch(() => undefined)
    await access(there === undefined ? dirname(file) : file, constants.W_OK)
    return undefined
  } catch {
    return `${file} cannot be written`
  }
}

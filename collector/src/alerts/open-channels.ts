import { CollectorError } from '../errors.ts'
import type { Channel, Delivery } from './channel.ts'
import type { ChannelSettings } from './channel-settings.ts'
import { alertmanager } from './kinds/alertmanager.ts'
import { ocsf } from './kinds/ocsf.ts'
import { otlp } from './kinds/otlp.ts'
import { pagerduty } from './kinds/pagerduty.ts'
import { slack } from './kinds/slack.ts'
import { teams } from './kinds/teams.ts'
import { webhook } from './kinds/webhook.ts'
import { type AlertRoute, routeOf } from './route.ts'

export interface Surroundings {
  /** The first line of a secret file. @throws CollectorError `file_unreadable` */
  readonly readSecret: (path: string) => string
  readonly findingUrl?: string
}

/**
 * Channels by their settings; secrets are read now.
 *
 * @throws CollectorError naming the channel: `config_invalid`, `file_unreadable`
 */
export function openChannels(all: readonly ChannelSettings[], around: Surroundings): Channel[] {
  return all.map((settings) => openChannel(settings, around))
}

function openChannel(settings: ChannelSettings, around: Surroundings): Channel {
  const { kind, name } = settings
  const route = routeOf(settings)
  // People are not told of each new fact; machines keep the record.
  const people = kind === 'slack' || kind === 'teams' || kind === 'pagerduty'
  try {
    return {
      ...route,
      ...deliveryOf(settings, route, around),
      kind,
      updates: people ? 'worse' : 'all',
      acknowledges: kind === 'pagerduty',
      endsCounts: kind === 'pagerduty',
      ...('proof' in settings ? { proof: settings.proof } : {}),
      ...('limit' in settings && settings.limit !== undefined ? { limit: settings.limit } : {}),
    }
  } catch (cause) {
    if (!(cause instanceof CollectorError)) throw cause
    throw new CollectorError(cause.code, `channel ${name}: ${cause.message}`, { cause })
  }
}

function deliveryOf(
  settings: ChannelSettings,
  route: AlertRoute,
  { readSecret, findingUrl }: Surroundings,
): Delivery {
  const bearer = (path: string | undefined) =>
    path === undefined ? {} : { bearer: readSecret(path) }
  switch (settings.kind) {
    case 'webhook': {
      const { url, secretFile, keyFile } = settings
      return webhook({
        url,
        ...(secretFile === undefined ? {} : { secret: readSecret(secretFile) }),
        ...(keyFile === undefined ? {} : { key: readSecret(keyFile) }),
      })
    }
    case 'alertmanager':
      return alertmanager({
        url: settings.url,
        ...bearer(settings.bearerFile),
        resendEvery: settings.resendEvery * 1000,
        groupOf: route.groupOf,
        ...(findingUrl === undefined ? {} : { findingUrl }),
      })
    case 'slack':
      return slack({ url: readSecret(settings.urlFile) })
    case 'pagerduty':
      return pagerduty({ url: settings.url, routingKey: readSecret(settings.routingKeyFile) })
    case 'teams':
      return teams({ url: readSecret(settings.urlFile) })
    case 'ocsf':
      return ocsf(
        settings.file === undefined
          ? { url: settings.url ?? '', ...bearer(settings.bearerFile) }
          : { file: settings.file },
      )
    case 'otlp':
      return otlp({ url: settings.url, ...bearer(settings.bearerFile) })
  }
}

import { type ConfigFlags, readConfig } from '../config.ts'
import type { ApiTarget } from './ask-api.ts'

/** Where a running collector is asked: `--url`, or what the configuration says; as whom says `DELEGRAPH_TOKEN`. */
export function apiTarget(flags: ConfigFlags & { readonly url?: string }): ApiTarget {
  const token = process.env['DELEGRAPH_TOKEN']
  const bearer = token === undefined || token === '' ? {} : { token }
  if (flags.url !== undefined) return { url: flags.url, ...bearer }
  const { host, port } = readConfig(flags, process.env).api
  return { url: `http://${host.includes(':') ? `[${host}]` : host}:${port}/graphql`, ...bearer }
}

import { z } from 'zod'
import { authSettings } from '../access/access-config.ts'
import { rateSettings } from '../access/rate-settings.ts'
import { channelList, shortWebhook } from '../alerts/channel-settings.ts'
import { isLoopbackName } from '../listen.ts'
import { TIME_OF_DAY } from '../retention/schedule.ts'
import { tenantSettings } from '../tenants/tenant-settings.ts'
import { traceLinkList } from '../trace-links/trace-links.ts'
import { zoneList } from '../zones/zones.ts'

const port = z.int().min(0).max(65_535)
const host = z.string().min(1)
const path = z.string().min(1)
/** https, but for loopback: a session must not go through a network in the clear. */
const publicUrl = z
  .url({ abort: true })
  .refine((url) => new URL(url).origin === url.replace(/\/$/, '').toLowerCase(), {
    abort: true,
    error: 'takes a scheme, a host and a port, and no path',
  })
  .refine((url) => {
    const { protocol, hostname } = new URL(url)
    return protocol === 'https:' || (protocol === 'http:' && isLoopbackName(hostname))
  }, 'must be https, but for a loopback address')

/**
 * The sections of the configuration, a line each: adding one here gives it its place in the file, its
 * environment variables and flags (`env`, `flag`), its errors, `delegraph config` and the reference.
 * A value that must not be shown has `secret: true`; better, it stays in a file that is named here.
 */
export const SECTIONS = {
  data: path.default('.delegraph').meta({
    description: 'Folder of the journal, the embedded graph and what belongs to them',
    env: 'DELEGRAPH_DATA',
    flag: '--data',
  }),
  otlp: z
    .strictObject({
      host: host.default('127.0.0.1').meta({
        description: 'Address that OTLP over HTTP is taken at',
        env: 'DELEGRAPH_OTLP_HOST',
      }),
      port: port.default(4318).meta({
        description: 'Its port; 0 takes a free one',
        env: 'DELEGRAPH_OTLP_PORT',
        flag: '--otlp-port',
      }),
    })
    .prefault({}),
  api: z
    .strictObject({
      host: host.default('127.0.0.1').meta({
        description: 'Address of GraphQL, `/metrics`, `/healthz` and `/readyz`',
        env: 'DELEGRAPH_API_HOST',
      }),
      port: port.default(4319).meta({
        description: 'Its port; 0 takes a free one',
        env: 'DELEGRAPH_API_PORT',
        flag: '--api-port',
      }),
      publicUrl: publicUrl.optional().meta({
        description:
          'Under which browsers reach it where a proxy stands before it: `https://delegraph.example.com`, without a path',
        env: 'DELEGRAPH_PUBLIC_URL',
      }),
      rate: rateSettings,
    })
    .prefault({}),
  allowRemote: z.boolean().default(false).meta({
    description: 'Bind to addresses other than loopback; `auth` must say who may ask',
    flag: '--allow-remote',
  }),
  auth: authSettings.optional().describe('Who may ask and send; see [access](access.md)'),
  tenants: tenantSettings
    .optional()
    .describe('Kept apart: each with a journal and a graph of its own; see [access](access.md)'),
  store: z
    .discriminatedUnion('kind', [
      z.strictObject({ kind: z.literal('sqlite') }),
      z.strictObject({
        kind: z.literal('neo4j'),
        uri: z
          .string()
          .regex(/^(bolt|neo4j)(\+s|\+ssc)?:\/\//, 'must be a bolt:// or neo4j:// URI')
          .meta({
            description: 'Address of the Neo4j server; given outside the file it also says `kind`',
            env: 'NEO4J_URI',
            flag: '--neo4j',
          }),
        user: z.string().optional().meta({ description: 'Who writes there', env: 'NEO4J_USER' }),
        passwordFile: z.string().optional().meta({
          description: 'File with the password; `NEO4J_PASSWORD` in the environment goes before it',
        }),
        database: z
          .string()
          .optional()
          .meta({ description: 'Database of the server', env: 'NEO4J_DATABASE' }),
        tenant: z.string().min(1).optional().meta({
          description: 'Keeps several graphs apart in one database',
          env: 'DELEGRAPH_TENANT',
        }),
      }),
    ])
    .default({ kind: 'sqlite' })
    .describe('Where the graph is kept: `sqlite` in the data folder, or `neo4j`'),
  trust: z.string().optional().meta({
    description: 'The trust file; `trust.json` in the data folder where absent',
    env: 'DELEGRAPH_TRUST',
    flag: '--trust',
  }),
  registry: z.string().optional().meta({
    description: 'The signed registry of owners and standing permissions',
    env: 'DELEGRAPH_REGISTRY',
    flag: '--registry',
  }),
  statusLists: z
    .strictObject({
      allowAddresses: z
        .array(z.union([z.ipv4(), z.ipv6()]))
        .default([])
        .meta({ description: 'Addresses of status lists that are not public, one by one' }),
      caFile: path.optional().meta({ description: 'Whom to believe there, PEM' }),
    })
    .prefault({}),
  webhook: shortWebhook
    .optional()
    .describe('Short for a channel of that name and kind that gets everything'),
  channels: channelList.describe('Where alerts go; see [alerts](alerts.md)'),
  findingUrl: z
    .url()
    .refine((url) => url.includes('{id}'), 'must contain {id}')
    .optional()
    .meta({
      description:
        'Address where a person reads a finding, with `{id}` for its id; alerts carry it',
    }),
  zones: zoneList.describe(
    'What is critical, by the names of tools and resources; see [questions](questions.md)',
  ),
  traceLinks: traceLinkList.describe(
    'Where the console shows a span in another tool; see [the console](console.md#a-chain)',
  ),
  console: path.optional().meta({
    description:
      'Folder of a built web console; where absent, the one that this checkout built, if it did',
    env: 'DELEGRAPH_CONSOLE',
  }),
  retention: z
    .strictObject({
      days: z.int().min(1).max(36_500).optional().meta({
        description: 'Evidence received longer ago may be trimmed; nothing is where absent',
        env: 'DELEGRAPH_RETENTION_DAYS',
      }),
      at: z
        .string()
        .regex(TIME_OF_DAY, 'takes a time of the day in UTC, as 03:30')
        .optional()
        .meta({
          description:
            'Time of the day in UTC, as `03:30`, at which a collector trims by itself; where absent, only `delegraph retention run` does',
          env: 'DELEGRAPH_RETENTION_AT',
        }),
      trimNotes: z.boolean().default(false).meta({
        description:
          'Open notes, findings of class exposure that wake nobody, do not keep what they rest on',
      }),
      trimClosed: z.boolean().default(false).meta({
        description:
          'Findings that were closed that long ago do not keep what they rest on; they go with it',
      }),
    })
    .refine(({ days, at }) => at === undefined || days !== undefined, {
      path: ['days'],
      message: 'is needed where retention.at is set',
    })
    .prefault({}),
  pendingWindow: z.int().min(1).max(86_400).default(900).meta({
    description: 'Seconds that missing evidence may still come',
    env: 'DELEGRAPH_PENDING_WINDOW',
  }),
} as const

export const configSchema = z
  .strictObject(SECTIONS)
  .refine(({ auth, api }) => auth?.oidc?.login === undefined || api.publicUrl !== undefined, {
    path: ['api', 'publicUrl'],
    error: 'auth.oidc.login needs it: the provider sends people back there',
  })

/** What a user sets: by file, environment or flag, in that order of increasing weight. */
export type Config = z.infer<typeof configSchema>

import { existsSync, readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { z } from 'zod'
import { type ChannelSettings, channelList, shortWebhook } from './alerts/channel-settings.ts'
import { CollectorError } from './errors.ts'

const port = z.coerce.number().int().min(0).max(65_535)
const host = z.string().min(1)

const schema = z.strictObject({
  /** Folder of the journal, the embedded graph and what belongs to them. */
  data: z.string().min(1).default('.delegraph'),
  otlp: z.strictObject({ host: host.default('127.0.0.1'), port: port.default(4318) }).prefault({}),
  api: z.strictObject({ host: host.default('127.0.0.1'), port: port.default(4319) }).prefault({}),
  /** Bind to addresses other than loopback. Nothing is authenticated yet. */
  allowRemote: z.boolean().default(false),
  store: z
    .discriminatedUnion('kind', [
      z.strictObject({ kind: z.literal('sqlite') }),
      z.strictObject({
        kind: z.literal('neo4j'),
        uri: z
          .string()
          .regex(/^(bolt|neo4j)(\+s|\+ssc)?:\/\//, 'must be a bolt:// or neo4j:// URI'),
        user: z.string().optional(),
        passwordFile: z.string().optional(),
        database: z.string().optional(),
        tenant: z.string().min(1).optional(),
      }),
    ])
    .default({ kind: 'sqlite' }),
  /** Path of the trust file: root issuers, approvers, decision points, owners. */
  trust: z.string().optional(),
  /** Path of the signed registry. */
  registry: z.string().optional(),
  /** Status lists at hosts that are not public: their addresses one by one, and whom to believe there (PEM). */
  statusLists: z
    .strictObject({
      allowAddresses: z.array(z.union([z.ipv4(), z.ipv6()])).default([]),
      caFile: z.string().min(1).optional(),
    })
    .prefault({}),
  /** Short for a channel of that name and kind that gets everything. */
  webhook: shortWebhook.optional(),
  /** Where alerts go. */
  channels: channelList,
  /** Address where a person reads a finding, with `{id}` for its id; alerts carry it. */
  findingUrl: z
    .url()
    .refine((url) => url.includes('{id}'), 'must contain {id}')
    .optional(),
  /** Folder of a built web console; where absent, the one that this checkout built, if it did. */
  console: z.string().min(1).optional(),
  /** Seconds that missing evidence may still come. */
  pendingWindow: z.coerce.number().int().min(1).max(86_400).default(900),
})

/** What a user sets: by file, environment or flag, in that order of increasing weight. */
export type Config = z.infer<typeof schema>

/** Flags that were given on the command line; an absent one leaves the other sources alone. */
export interface ConfigFlags {
  readonly config?: string
  readonly data?: string
  readonly otlpPort?: string
  readonly apiPort?: string
  readonly trust?: string
  readonly registry?: string
  readonly neo4j?: string
  readonly allowRemote?: boolean
}

type Environment = Readonly<Record<string, string | undefined>>

const MAX_BYTES = 1024 * 1024

/**
 * Reads the configuration: `delegraph.json` (or `--config`), then `DELEGRAPH_*` and `NEO4J_*`, then
 * flags. Secrets come from files or the environment, never from flags.
 *
 * @throws CollectorError `config_invalid` naming the key, `file_unreadable`
 */
export function readConfig(flags: ConfigFlags, env: Environment): Config {
  const merged = [fromFile(flags.config ?? env['DELEGRAPH_CONFIG']), fromEnv(env), fromFlags(flags)]
    .map(pruned)
    .reduce(merge, {})
  const parsed = schema.safeParse(merged)
  if (parsed.success) return parsed.data
  const issue = parsed.error.issues[0]
  const key = issue?.path.join('.') || 'the configuration'
  throw new CollectorError('config_invalid', `${key}: ${issue?.message ?? 'is not valid'}`)
}

/** Where alerts go: the channels, and the short form as one of them. @throws CollectorError `config_invalid` */
export function channelSettings(config: Config): ChannelSettings[] {
  if (config.webhook === undefined) return config.channels
  if (config.channels.some(({ name }) => name === 'webhook')) {
    throw new CollectorError(
      'config_invalid',
      'webhook: a channel has this name too; keep one of them',
    )
  }
  const { url, secretFile } = config.webhook
  const short = { name: 'webhook', kind: 'webhook', match: {}, groupBy: 'fingerprint' } as const
  return [{ ...short, url, secretFile }, ...config.channels]
}

/** The Neo4j password: from the environment, or the file that the configuration names. */
export function neo4jPassword(config: Config, env: Environment): string | undefined {
  if (env['NEO4J_PASSWORD'] !== undefined) return env['NEO4J_PASSWORD']
  if (config.store.kind !== 'neo4j' || config.store.passwordFile === undefined) return undefined
  return readSecret(config.store.passwordFile)
}

/** A secret file's first line. @throws CollectorError `file_unreadable` */
export function readSecret(path: string): string {
  return (readText(path).split('\n')[0] ?? '').trim()
}

type Tree = { readonly [name: string]: unknown }

function fromFile(path: string | undefined): Tree {
  const file = resolve(path ?? 'delegraph.json')
  if (path === undefined && !existsSync(file)) return {}
  try {
    return JSON.parse(readText(file)) as Tree
  } catch (cause) {
    if (cause instanceof CollectorError) throw cause
    throw new CollectorError('config_invalid', `${file} is not JSON`, { cause })
  }
}

function fromEnv(env: Environment): Tree {
  const uri = env['NEO4J_URI']
  return {
    data: env['DELEGRAPH_DATA'],
    otlp: { host: env['DELEGRAPH_OTLP_HOST'], port: env['DELEGRAPH_OTLP_PORT'] },
    api: { host: env['DELEGRAPH_API_HOST'], port: env['DELEGRAPH_API_PORT'] },
    trust: env['DELEGRAPH_TRUST'],
    registry: env['DELEGRAPH_REGISTRY'],
    pendingWindow: env['DELEGRAPH_PENDING_WINDOW'],
    console: env['DELEGRAPH_CONSOLE'],
    store:
      uri === undefined
        ? undefined
        : {
            kind: 'neo4j',
            uri,
            user: env['NEO4J_USER'],
            database: env['NEO4J_DATABASE'],
            tenant: env['DELEGRAPH_TENANT'],
          },
  }
}

function fromFlags(flags: ConfigFlags): Tree {
  return {
    data: flags.data,
    otlp: { port: flags.otlpPort },
    api: { port: flags.apiPort },
    trust: flags.trust,
    registry: flags.registry,
    allowRemote: flags.allowRemote,
    store: flags.neo4j === undefined ? undefined : { kind: 'neo4j', uri: flags.neo4j },
  }
}

function pruned(tree: Tree): Tree {
  const entries = Object.entries(tree).flatMap(([name, value]): [string, unknown][] => {
    if (value === undefined) return []
    if (!isTree(value)) return [[name, value]]
    const inner = pruned(value)
    return Object.keys(inner).length === 0 ? [] : [[name, inner]]
  })
  return Object.fromEntries(entries)
}

function merge(a: Tree, b: Tree): Tree {
  const result: Record<string, unknown> = { ...a }
  for (const [name, value] of Object.entries(b)) {
    const old = result[name]
    result[name] = isTree(old) && isTree(value) ? merge(old, value) : value
  }
  return result
}

function isTree(value: unknown): value is Tree {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** A small file. @throws CollectorError `file_unreadable`, `config_invalid` */
export function readText(path: string): string {
  let bytes: Buffer
  try {
    bytes = readFileSync(path)
  } catch (cause) {
    throw new CollectorError('file_unreadable', `cannot read ${path}`, { cause })
  }
  if (bytes.length > MAX_BYTES) {
    throw new CollectorError('config_invalid', `${path} is larger than 1 MiB`)
  }
  return bytes.toString('utf8')
}

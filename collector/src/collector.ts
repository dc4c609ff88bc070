import { existsSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import type { Trust } from '@delegraph/link'
import type { Logger } from 'pino'
import { AlertSender, type Channel, deliveryPayload, openChannels } from './alerts/index.ts'
import { createApi, createEventBus, type EventBus } from './api/index.ts'
import { type Config, channelSettings, neo4jPassword, readSecret, readText } from './config.ts'
import { BUILT_CONSOLE, readConsole, type StaticFiles, withConsole } from './console/index.ts'
import { CollectorError } from './errors.ts'
import { type GraphStore, openNeo4jStore, openSqliteStore } from './graph/index.ts'
import { type Journal, openJournal } from './journal/index.ts'
import { type Listening, listen } from './listen.ts'
import { Projector } from './project/projector.ts'
import { trustInForce } from './project/trust-in-force.ts'
import { createReceiver } from './receive/index.ts'
import { loadRegistry } from './registry-file.ts'
import { type FetchStatusList, fetchStatusList } from './status/fetch-status-list.ts'
import { StatusPoller } from './status/status-poller.ts'
import { givenTrust } from './trust/compose.ts'
import { NO_TRUST_FILE, readTrustFile, type TrustFile } from './trust/file.ts'
import { appendTrust, recordTrust } from './trust/record.ts'
import { TrustRefresher } from './trust/refresher.ts'
import { writeSourceStates } from './trust/source-states.ts'
import { parseTrustText } from './trust/text.ts'

/** A running collector: what it listens on, and the parts that commands and tests look into. */
export interface Collector extends AsyncDisposable {
  readonly otlpUrl: string
  readonly graphqlUrl: string
  /** Where the web console is; absent where none is built. */
  readonly consoleUrl?: string
  readonly store: GraphStore
  readonly journal: Journal
  readonly projector: Projector
  readonly poller: StatusPoller
  /** Resolves when everything acknowledged so far is in the graph and judged. */
  settled(): Promise<void>
  /** Asks all sources of trusted keys now, instead of each in its time. */
  refreshTrust(): Promise<void>
}

export interface CollectorOptions {
  readonly config: Config
  readonly env: Readonly<Record<string, string | undefined>>
  readonly logger: Logger
  readonly clock?: () => number
  /** Trust that is already read, instead of the file that the configuration names. */
  readonly trust?: Trust
  /** Asks status lists in another way than over the Internet. */
  readonly fetchStatus?: FetchStatusList
}

/** How far the graph may lag behind the journal before senders are asked to slow down. */
const MAX_LAG_RECORDS = 20_000

/**
 * Starts a collector: journal, graph, projector, OTLP receiver, GraphQL API and alerts, in the order
 * in which evidence flows. Disposing it stops them in the same order, so that nothing acknowledged
 * is lost.
 *
 * @throws CollectorError, JournalError, StoreError where the configuration or a file is at fault
 */
export async function startCollector(options: CollectorOptions): Promise<Collector> {
  const { config, env, logger } = options
  const clock = options.clock ?? Date.now
  await using cleanup = new AsyncDisposableStack()
  mkdirSync(config.data, { recursive: true, mode: 0o700 })
  const trustFile = options.trust === undefined ? trustFileOf(config) : NO_TRUST_FILE

  const journal = cleanup.use(await openJournal({ dir: join(config.data, 'journal') }))
  const { quarantined } = journal.stats
  if (quarantined.length > 0) {
    logger.warn(
      { quarantined },
      'the journal has damage: these bytes are no records and stay in place',
    )
  }
  const store = cleanup.use(await openStoreOf(config, env))
  await store.init()
  const bus: EventBus = createEventBus()
  const channels = channelsOf(config)
  const projector = new Projector({
    store,
    journal,
    trust: options.trust ?? givenTrust(trustFile),
    channels,
    pendingWindow: config.pendingWindow * 1000,
    clock,
    onEvents: (cursor) => bus.publish(cursor),
    onError: (error) => logger.warn({ err: messageOf(error) }, 'the graph does not follow'),
  })
  await projector.start()
  cleanup.use(projector)
  journal.onAppend(() => projector.notify())
  await projector.caughtUp(journal.lastSeq)

  const refresher = cleanup.use(
    new TrustRefresher({
      file: trustFile,
      before: parseTrustText((await trustInForce(store))?.text),
      clock,
      random: Math.random,
      onChange: (changed) => appendTrust(changed, journal, clock),
      onStates: async (states) => {
        try {
          await writeSourceStates(config.data, states)
        } catch (error) {
          logger.warn({ err: messageOf(error) }, 'the states of the trust sources were not kept')
        }
      },
      onWarning: (message) => logger.warn({ source: message }, 'a source of trusted keys'),
    }),
  )
  const trust = options.trust ?? (await refresher.refresh())
  await recordTrust(trust, journal, store, clock)
  if (config.registry !== undefined) {
    await loadRegistry(config.registry, trust, journal, store, clock)
  }
  await projector.caughtUp(journal.lastSeq)
  refresher.follow()

  const sender = new AlertSender({
    store,
    channels,
    clock,
    ...(config.findingUrl === undefined ? {} : { findingUrl: config.findingUrl }),
    onOutcome: async (alerts, outcome) => {
      const payload = deliveryPayload(alerts, outcome)
      const record = { kind: 'alert-delivered', receivedAt: clock(), payload } as const
      return (await journal.append(record)).seq
    },
    onError: (error) => logger.warn({ err: messageOf(error) }, 'an alert was not delivered yet'),
  })
  sender.start()
  cleanup.use(sender)
  bus.subscribe(() => sender.notify())

  const poller = new StatusPoller({
    store,
    journal,
    trust: () => projector.trust,
    fetch: options.fetchStatus ?? fetchStatusList(statusFetchOf(config)),
    clock,
    onError: (error) => logger.warn({ err: messageOf(error) }, 'a status list was not had yet'),
  })
  poller.start()
  cleanup.use(poller)

  const receiver = createReceiver({
    journal,
    clock,
    overloaded: () => journal.lastSeq - projector.position > MAX_LAG_RECORDS,
  })
  const api = createApi({
    store,
    events: bus,
    onError: (error) => logger.warn({ err: messageOf(error) }, 'a query failed inside'),
  })
  const otlp: Listening = cleanup.use(await listen(receiver, config.otlp, config.allowRemote))
  const page = consoleOf(config)
  const site = page === undefined ? api : withConsole(api, page)
  const graphql: Listening = cleanup.use(await listen(site, config.api, config.allowRemote))
  logger.info({ otlp: otlp.url, graphql: `${graphql.url}/graphql` }, 'listening')

  const owned = cleanup.move()
  return {
    otlpUrl: otlp.url,
    graphqlUrl: `${graphql.url}/graphql`,
    ...(page === undefined ? {} : { consoleUrl: `${graphql.url}/` }),
    store,
    journal,
    projector,
    poller,
    settled: () => projector.caughtUp(journal.lastSeq),
    async refreshTrust() {
      await refresher.refresh()
    },
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  }
}

/** Opens the graph that a configuration names. */
export async function openStoreOf(
  config: Config,
  env: Readonly<Record<string, string | undefined>>,
): Promise<GraphStore> {
  if (config.store.kind === 'sqlite') {
    mkdirSync(config.data, { recursive: true, mode: 0o700 })
    return openSqliteStore({ file: join(config.data, 'graph.sqlite') })
  }
  const { uri, user, database, tenant } = config.store
  const password = neo4jPassword(config, env)
  return openNeo4jStore({
    uri,
    ...(user === undefined ? {} : { user }),
    ...(password === undefined ? {} : { password }),
    ...(database === undefined ? {} : { database }),
    ...(tenant === undefined ? {} : { tenant }),
  })
}

/** The trust file of a configuration: the one it names, or `trust.json` in its data folder. */
export function trustFileOf(config: Config): TrustFile {
  if (config.trust !== undefined) return readTrustFile(config.trust)
  const usual = join(config.data, 'trust.json')
  return existsSync(usual) ? readTrustFile(usual) : NO_TRUST_FILE
}

/** @throws CollectorError `file_unreadable` where the configuration names a folder that has no console */
function consoleOf(config: Config): StaticFiles | undefined {
  const files = readConsole(config.console ?? BUILT_CONSOLE)
  if (files !== undefined || config.console === undefined) return files
  throw new CollectorError('file_unreadable', `${config.console} holds no built console`)
}

function statusFetchOf({ statusLists: { allowAddresses, caFile } }: Config) {
  return { allowAddresses, ...(caFile === undefined ? {} : { ca: readText(caFile) }) }
}

/**
 * Where alerts go, by configuration: all channels, or the one of a name.
 *
 * @throws CollectorError `config_invalid`, `file_unreadable`
 */
export function channelsOf(config: Config, only?: string): Channel[] {
  const { findingUrl } = config
  const around = { readSecret, ...(findingUrl === undefined ? {} : { findingUrl }) }
  const wanted = channelSettings(config).filter(({ name }) => only === undefined || name === only)
  return openChannels(wanted, around)
}

/** Only the message: an error may hold an address, and never needs a stack in the log. */
function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}

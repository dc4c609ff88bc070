import { existsSync, mkdirSync } from 'node:fs'
import type { IncomingMessage } from 'node:http'
import { join } from 'node:path'
import type { Trust } from '@delegraph/link'
import type { Logger } from 'pino'
import type { Access } from './access/access.ts'
import { admitSender } from './access/admit-sender.ts'
import type { Audit } from './access/audit.ts'
import { type Gate, openGate } from './access/gate.ts'
import { loopbackWithoutLogin } from './access/loopback-only.ts'
import { recognise } from './access/recognise.ts'
import { may } from './access/viewer.ts'
import { AlertSender, type Channel, deliveryPayload, openChannels } from './alerts/index.ts'
import {
  createApi,
  createEventBus,
  type EventBus,
  type Manifest,
  openDocuments,
  openRateLimits,
  usualSubscriptionLimits,
} from './api/index.ts'
import { casePayload, createCaseDesk } from './cases/index.ts'
import { type Config, channelSettings, neo4jPassword, readSecret, readText } from './config.ts'
import { BUILT_CONSOLE, readConsole, type StaticFiles, withConsole } from './console/index.ts'
import { CollectorError } from './errors.ts'
import {
  type GraphStore,
  type Neo4jSettings,
  openNeo4jStore,
  openSqliteStore,
} from './graph/index.ts'
import { type Journal, openJournal } from './journal/index.ts'
import { type Listening, listen, type RequestHandler } from './listen.ts'
import {
  alertMetrics,
  lagMetrics,
  measuredMemo,
  measuredStore,
  openMetricsPage,
  processMetrics,
  projectionMetrics,
  rateMetrics,
  readyMetrics,
  receiverMetrics,
  retentionMetrics,
  statusListMetrics,
  storedMetrics,
  subscriptionMetrics,
  trustSourceMetrics,
} from './metrics/index.ts'
import { createOperations } from './operate/operations.ts'
import { type Readiness, readiness } from './operate/readiness.ts'
import { Projector } from './project/projector.ts'
import { proofFile } from './project/proof.ts'
import { trustInForce } from './project/trust-in-force.ts'
import { createPulse } from './pulse/pulse.ts'
import { createPast } from './questions/past.ts'
import { createReceiver } from './receive/index.ts'
import { loadRegistry } from './registry-file.ts'
import { followHolds } from './retention/inbox.ts'
import { Trimmer } from './retention/trimmer.ts'
import { type FetchStatusList, fetchStatusList } from './status/fetch-status-list.ts'
import { StatusPoller } from './status/status-poller.ts'
import { ofTenant } from './tenants/front.ts'
import { createTraceLinks } from './trace-links/trace-links.ts'
import { createDesk, TriageKeeper, triagePayload } from './triage/index.ts'
import { givenTrust } from './trust/compose.ts'
import { NO_TRUST_FILE, readTrustFile, type TrustFile } from './trust/file.ts'
import { appendTrust, recordTrust } from './trust/record.ts'
import { TrustRefresher } from './trust/refresher.ts'
import { writeSourceStates } from './trust/source-states.ts'
import { parseTrustText } from './trust/text.ts'
import { createZones } from './zones/zones.ts'

/** How one collector among several is asked how it does. */
export interface OwnOperations {
  readonly scrape: () => Promise<string>
  readonly readiness: () => Promise<Readiness>
}

/** A running collector: what it listens on, and the parts that commands and tests look into. */
export interface Collector extends AsyncDisposable {
  readonly otlpUrl: string
  readonly graphqlUrl: string
  /** Where `/metrics`, `/healthz` and `/readyz` are. */
  readonly operationsUrl: string
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
  /** What stands before it where it does not listen itself. */
  readonly front?: {
    readonly access: Access
    readonly audit?: Audit
    readonly listen: typeof listen
    /** Told how to ask it of its health, as soon as there is something to ask. */
    readonly operates: (own: OwnOperations) => void
  }
  /** Told now and then how much of the journal is in the graph, until all of it is. */
  readonly onReplay?: (done: number, all: number) => void
  /** Asks status lists in another way than over the Internet. */
  readonly fetchStatus?: FetchStatusList
}

const REPLAY_TOLD_EVERY = 200
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
  loopbackWithoutLogin(config)
  await using cleanup = new AsyncDisposableStack()
  const { access, audit } = options.front ?? cleanup.use(ownGate(options, clock))
  mkdirSync(config.data, { recursive: true, mode: 0o700 })
  const trustFile = options.trust === undefined ? trustFileOf(config) : NO_TRUST_FILE

  const dir = join(config.data, 'journal')
  const journal = cleanup.use(await openJournal({ dir }))
  const { quarantined } = journal.stats
  if (quarantined.length > 0) {
    logger.warn(
      { quarantined },
      'the journal has damage: these bytes are no records and stay in place',
    )
  }
  const { meter, scrape } = openMetricsPage()
  const store = measuredStore(cleanup.use(await openStoreOf(config, env)), meter)
  await store.init()
  storedMetrics(meter, journal, store, clock)
  const bus: EventBus = createEventBus()
  const opened = channelsOf(config)
  const alerting = alertMetrics(meter, store, opened)
  const channels = opened.map(alerting.measured)
  const observer = projectionMetrics(meter)
  const pendingWindow = config.pendingWindow * 1000
  const trimmer = new Trimmer({
    ...{ data: config.data, journal, pendingWindow, clock, retention: config.retention },
    trust: options.trust ?? givenTrust(trustFile),
    projector: () => projector,
    onRun(run) {
      countRun(run)
      const { id: _, message, ...told } = run
      if (message === undefined) logger.info({ retention: told }, 'a retention run ended')
      else logger.warn({ retention: told, err: message }, 'a retention run trimmed nothing')
    },
    onError: (error) => logger.error({ err: messageOf(error) }, 'retention'),
  })
  const countRun = retentionMetrics(meter, () => trimmer)
  const behind = (): number => journal.lastSeq - projector.position
  const waiting = (): number => Math.max(0, clock() - (projector.waitingSince ?? clock())) / 1000
  const pulse = createPulse(clock, { records: behind, seconds: waiting })
  const projector: Projector = new Projector({
    store,
    journal,
    trust: options.trust ?? givenTrust(trustFile),
    channels,
    pendingWindow,
    clock,
    onEvents: (cursor) => bus.publish(cursor),
    onError: (error) => logger.warn({ err: messageOf(error) }, 'the graph does not follow'),
    watchMemo: (memo) => pulse.watch(measuredMemo(memo, meter)),
    trimming: (record) => trimmer.changesOf(record),
    observer: {
      ...observer,
      changed(changes) {
        observer.changed(changes)
        // By its id alone: what it is about is in the graph, for those who may read it.
        for (const { id, change } of changes) logger.info({ finding: id, change }, 'a finding')
      },
    },
  })
  const overloaded = (): boolean => behind() > MAX_LAG_RECORDS
  lagMetrics(meter, { records: behind, seconds: waiting })
  const page = consoleOf(config)
  let site: RequestHandler | undefined
  const replaying = () =>
    site === undefined || projector.isAnew
      ? { done: projector.position, all: journal.lastSeq }
      : undefined
  const ready = () => readiness({ store, journal, dir, replaying, overloaded })
  options.front?.operates({ scrape, readiness: ready })
  if (options.front === undefined) {
    cleanup.use(processMetrics(meter, store.name))
    readyMetrics(meter, async () => [{ ready: (await ready()).ready, labels: {} }])
  }
  const operations = createOperations({
    scrape,
    readiness: ready,
    ...(access.login ? { mayScrape: readsMetrics(access) } : {}),
  })
  const open = options.front?.listen ?? listen
  // Open before the journal is read into the graph: whoever waits for that can see that it lives.
  const graphql: Listening = cleanup.use(
    await open(
      (request, response) => {
        if (operations(request, response)) return
        if (access.browser?.handler(request, response) === true) return
        if (site === undefined || projector.isAnew)
          response.writeHead(503, { 'Retry-After': '2' }).end()
        else site(request, response)
      },
      config.api,
      config.allowRemote,
    ),
  )
  await projector.start()
  cleanup.use(projector)
  journal.onAppend(() => projector.notify())
  const told = setInterval(
    () => options.onReplay?.(projector.position, journal.lastSeq),
    REPLAY_TOLD_EVERY,
  )
  await projector.caughtUp(journal.lastSeq)
  clearInterval(told)

  const onSourceStates = trustSourceMetrics(meter, clock)
  const refresher = cleanup.use(
    new TrustRefresher({
      file: trustFile,
      before: parseTrustText((await trustInForce(store))?.text),
      clock,
      random: Math.random,
      onChange: (changed) => appendTrust(changed, journal, clock),
      onStates: async (states) => {
        onSourceStates(states)
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
    proof: (finding) => proofFile(store, finding, pendingWindow),
    onOutcome: async (alerts, outcome) => {
      const payload = deliveryPayload(alerts, outcome)
      const record = { kind: 'alert-delivered', receivedAt: clock(), payload } as const
      const { seq } = await journal.append(record)
      // That a count stands at a receiver is no alert of its own.
      const told = alerts.filter(({ columns }) => columns['finding'] !== undefined)
      for (const [channel, own] of Map.groupBy(told, ({ columns }) => columns['channel'])) {
        alerting.outcome(String(channel), outcome, own.length)
      }
      return seq
    },
    onError: (error) => logger.warn({ err: messageOf(error) }, 'an alert was not delivered yet'),
  })
  sender.start()
  cleanup.use(sender)
  bus.subscribe(() => sender.notify())

  /** What a person says: durable, and in the graph, before it is answered. */
  const said = async (kind: 'triage' | 'case', payload: Uint8Array): Promise<void> => {
    const { seq } = await journal.append({ kind, receivedAt: clock(), payload })
    await projector.caughtUp(seq)
  }
  const desk = createDesk({ store, clock, record: (word) => said('triage', triagePayload(word)) })
  const cases = createCaseDesk({ store, clock, record: (word) => said('case', casePayload(word)) })
  const keeper = new TriageKeeper({
    store,
    desk,
    clock,
    onError: (error) => logger.warn({ err: messageOf(error) }, 'triage was not looked after yet'),
  })
  keeper.start()
  cleanup.use(keeper)
  bus.subscribe(() => keeper.notify())

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
  statusListMetrics(meter, poller, clock)

  cleanup.use(
    followHolds(config.data, journal, (error) =>
      logger.error({ err: messageOf(error) }, 'a hold was not taken in'),
    ),
  )
  await trimmer.start()
  cleanup.use(trimmer)
  const receiver = createReceiver({
    journal,
    clock,
    admit: admitSender(access, audit, clock),
    overloaded,
    observer: receiverMetrics(meter),
  })
  const subscriptions = usualSubscriptionLimits(access.login)
  subscriptionMetrics(meter, subscriptions)
  const api = createApi({
    store,
    events: bus,
    desk,
    cases,
    pendingWindow,
    zones: createZones(config.zones),
    traceLinks: createTraceLinks(config.traceLinks),
    channels,
    pulse,
    clock,
    access,
    documents: openDocuments(...documentsOf(config, page)),
    ...(audit === undefined ? {} : { audit }),
    ...(config.api.publicUrl === undefined ? {} : { publicUrl: config.api.publicUrl }),
    subscriptions,
    rates: openRateLimits(config.api.rate, clock),
    onLimited: rateMetrics(meter),
    past: createPast({
      records: () => journal.read(1),
      trimmedAt: () => newestTrim(journal),
      trust: options.trust ?? givenTrust(trustFile),
      pendingWindow,
    }),
    onError: (error) => logger.warn({ err: messageOf(error) }, 'a query failed inside'),
  })
  site = page === undefined ? api : withConsole(api, page)
  if (page === undefined && access.browser !== undefined) {
    logger.warn('people can sign in, and there is no console to go back to: npm run console')
  }
  const otlp: Listening = cleanup.use(await open(receiver, config.otlp, config.allowRemote))
  logger.info({ otlp: otlp.url, graphql: `${graphql.url}/graphql` }, 'listening')

  const owned = cleanup.move()
  return {
    otlpUrl: otlp.url,
    graphqlUrl: `${graphql.url}/graphql`,
    operationsUrl: graphql.url,
    ...(page === undefined ? {} : { consoleUrl: consoleUrl(config, graphql.url) }),
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

/** Where browsers reach the console of a process that listens at `url`. */
export function consoleUrl({ api }: Config, url: string): string {
  return new URL('/', api.publicUrl ?? url).href
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
  return openNeo4jStore(neo4jSettings(config, env))
}

/** How the server is reached that a configuration names. @throws CollectorError `config_invalid` */
export function neo4jSettings(
  config: Config,
  env: Readonly<Record<string, string | undefined>>,
): Neo4jSettings {
  if (config.store.kind !== 'neo4j') {
    throw new CollectorError('config_invalid', 'store: is not kept in Neo4j')
  }
  const { uri, user, database, tenant } = config.store
  const password = neo4jPassword(config, env)
  return {
    uri,
    ...(user === undefined ? {} : { user }),
    ...(password === undefined ? {} : { password }),
    ...(database === undefined ? {} : { database }),
    ...(tenant === undefined ? {} : { tenant }),
  }
}

/** One collector is one tenant: whoever is of another is nobody here. */
function ownGate({ config, env, logger }: CollectorOptions, clock: () => number): Gate {
  const tenant = 'default'
  const gate = openGate({ config, env, logger, clock, tenants: [tenant] })
  return { ...gate, access: ofTenant(gate.access, tenant) }
}

/** Whoever may read findings may read how many there are. */
function readsMetrics(access: Access): (request: IncomingMessage) => Promise<boolean> {
  return async (request) => {
    const { viewer } = await recognise(access, request)
    return viewer !== undefined && (may(viewer, 'viewer') || may(viewer, 'monitor'))
  }
}

/** When evidence was trimmed last, epoch milliseconds. */
async function newestTrim(journal: Journal): Promise<number | undefined> {
  const seq = journal.retentions.at(-1)
  if (seq === undefined) return undefined
  for await (const { receivedAt } of journal.read(seq)) return receivedAt
  return undefined
}

/** What whoever may only read may ask: what the console asks, and what a file lists. */
function documentsOf({ auth }: Config, page: StaticFiles | undefined): Manifest[] {
  const ofConsole = page?.get('/documents.json')?.bytes.toString()
  const file = auth?.trustedDocuments
  return [
    ...(ofConsole === undefined ? [] : [{ name: 'console', json: ofConsole }]),
    ...(file === undefined ? [] : [{ name: 'auth.trustedDocuments', json: readText(file) }]),
  ]
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

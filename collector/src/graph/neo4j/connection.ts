import neo4j, {
  type Driver,
  type ManagedTransaction,
  Neo4jError,
  type RecordShape,
} from 'neo4j-driver'
import { misuse } from '../columns.ts'
import { StoreError } from '../errors.ts'
import { checkedAddress, neo4jError } from './neo4j-error.ts'
import type { Step } from './write-plan.ts'

export interface Neo4jSettings {
  /** `bolt://`, `neo4j://`, or one of their TLS forms; without user and password. */
  readonly uri: string
  readonly user?: string
  readonly password?: string
  readonly database?: string
  /** Keeps several graphs apart in one database; `default` where absent. */
  readonly tenant?: string
}

export type Parameters = Readonly<Record<string, unknown>>

const TIMEOUT = 60_000
const HEALTH_WITHIN = 10_000
const OLDEST = 5

/** The driver with the tenant it speaks for: one door for statements, timeouts and errors. */
export class Neo4jConnection implements AsyncDisposable {
  readonly #driver: Driver
  readonly #address: string
  readonly #database: { readonly database?: string }
  /** Whose graph it is among those in one database. */
  readonly tenant: string

  constructor({ uri, user, password, database, tenant }: Neo4jSettings) {
    this.#address = checkedAddress(uri)
    this.tenant = tenant ?? 'default'
    if (this.tenant === '' || this.tenant.length > 100)
      throw misuse('a tenant has 1 to 100 characters')
    this.#database = database === undefined ? {} : { database }
    const auth = password === undefined ? undefined : neo4j.auth.basic(user ?? 'neo4j', password)
    this.#driver = neo4j.driver(uri, auth, {
      disableLosslessIntegers: true,
      connectionTimeout: 5_000,
      connectionAcquisitionTimeout: 10_000,
      maxTransactionRetryTime: 15_000,
      maxConnectionPoolSize: 16,
      telemetryDisabled: true,
      userAgent: 'delegraph',
    })
  }

  /** What the server is. @throws StoreError `store_version` for a server that is too old */
  async engine(): Promise<string> {
    return this.#guard(async () => {
      const { agent } = await this.#driver.getServerInfo(this.#database)
      const version = /^Neo4j\/(\d+)\.[\w.+-]+$/.exec(agent ?? '')
      if (version === null || Number(version[1]) < OLDEST) {
        throw new StoreError('store_version', `${this.#address} is no Neo4j of version 5 or later`)
      }
      return version[0].replace('/', ' ')
    })
  }

  async read(statement: string, parameters: Parameters): Promise<RecordShape[]> {
    return this.#guard(async () => {
      await using session = this.#driver.session(this.#database)
      return await session.executeRead((tx) => this.#rows(tx, { statement, parameters }), {
        timeout: TIMEOUT,
      })
    })
  }

  /** Runs all steps in one transaction, again where the server says that it may work. */
  async write(steps: readonly Step[]): Promise<RecordShape[][]> {
    return this.#guard(async () => {
      await using session = this.#driver.session(this.#database)
      // Sent one after another without waiting: the server runs them in this order.
      return await session.executeWrite(
        (tx) => Promise.all(steps.map((step) => this.#rows(tx, step))),
        {
          timeout: TIMEOUT,
        },
      )
    })
  }

  /**
   * Changes the schema. Where somebody else makes the same rule at the same moment the server refuses one of the
   * two, IF NOT EXISTS or not; asked again it finds what is there.
   */
  async schema(steps: readonly Step[]): Promise<void> {
    await this.#guard(async () => {
      for (let tries = 1; ; tries += 1) {
        try {
          await using session = this.#driver.session(this.#database)
          await session.executeWrite(
            async (tx) => {
              for (const step of steps) await this.#rows(tx, step)
            },
            { timeout: TIMEOUT },
          )
          return
        } catch (cause) {
          if (tries === SCHEMA_TRIES || !isMadeByAnother(cause)) throw cause
        }
      }
    })
  }

  /** Runs a step that changes data and takes it back. */
  async probe(step: Step): Promise<void> {
    await within(
      HEALTH_WITHIN,
      this.#guard(async () => {
        await using session = this.#driver.session(this.#database)
        const tx = await session.beginTransaction({ timeout: HEALTH_WITHIN })
        try {
          await tx.run(step.statement, step.parameters)
        } finally {
          if (tx.isOpen()) await tx.rollback()
        }
      }),
      () =>
        new StoreError('store_unreachable', `Neo4j at ${this.#address} does not answer in time`),
    )
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#driver.close()
  }

  async #rows(tx: ManagedTransaction, { statement, parameters }: Step): Promise<RecordShape[]> {
    const { records } = await tx.run(statement, { ...parameters, tenant: this.tenant })
    return records.map((record) => record.toObject())
  }

  async #guard<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work()
    } catch (cause) {
      throw neo4jError(this.#address, cause)
    }
  }
}

const SCHEMA_TRIES = 5

function isMadeByAnother(cause: unknown): boolean {
  return (
    cause instanceof Neo4jError &&
    cause.code === 'Neo.ClientError.Schema.EquivalentSchemaRuleAlreadyExists'
  )
}

async function within<T>(ms: number, work: Promise<T>, late: () => Error): Promise<T> {
  const { promise, reject } = Promise.withResolvers<never>()
  const timer = setTimeout(() => reject(late()), ms)
  try {
    return await Promise.race([work, promise])
  } finally {
    clearTimeout(timer)
  }
}

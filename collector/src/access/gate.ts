import { join } from 'node:path'
import type { Logger } from 'pino'
import { type Config, readSecret } from '../config.ts'
import { isConsolePath } from '../console/index.ts'
import { type Access, openAccess } from './access.ts'
import { type Audit, openAudit } from './audit.ts'
import { openLogin } from './login/open-login.ts'

/** Who may come in by the addresses of a process, and the book of who did. */
export interface Gate extends AsyncDisposable {
  readonly access: Access
  /** Absent where nobody is asked who they are. */
  readonly audit?: Audit
}

export interface GateOptions {
  readonly config: Config
  /** Who signs in is of one of these. */
  readonly tenants: readonly string[]
  readonly env: Readonly<Record<string, string | undefined>>
  readonly logger: Logger
  /** Epoch milliseconds. */
  readonly clock: () => number
}

/** @throws CollectorError `config_invalid`, `file_unreadable` */
export function openGate({ config, tenants, env, logger, clock }: GateOptions): Gate {
  const { auth, data, api } = config
  // Only the message: an error may hold an address, and never needs a stack in the log.
  const told = (what: string) => (error: unknown) =>
    logger.warn({ err: error instanceof Error ? error.message : String(error) }, what)
  const audit = auth && auditOf(data, auth.audit, logger, clock)
  const browser =
    audit &&
    openLogin(auth, {
      ...{ env, readSecret, tenants, clock, audit },
      publicUrl: api.publicUrl,
      isConsole: isConsolePath,
      onError: told('somebody was not signed in'),
    })
  const onError = told('keys of the login were not had')
  return {
    access: openAccess(auth, {
      ...{ env, readSecret, clock, onError, browser },
      guesses: api.rate.strangers,
    }),
    ...(audit === undefined ? {} : { audit }),
    async [Symbol.asyncDispose]() {
      browser?.[Symbol.dispose]()
      await audit?.[Symbol.asyncDispose]()
    },
  }
}

/** Beside the data where no file is named. */
function auditOf(
  data: string,
  settings: NonNullable<Config['auth']>['audit'],
  logger: Logger,
  clock: () => number,
): Audit {
  const { file = join(data, 'audit.ndjson'), maxBytes } = settings
  return openAudit({
    file,
    maxBytes,
    clock,
    log: (entry) => logger.info({ audit: entry }, 'asked'),
    onError: (error) =>
      logger.error(
        { err: error instanceof Error ? error.message : String(error) },
        'the audit was not written',
      ),
  })
}

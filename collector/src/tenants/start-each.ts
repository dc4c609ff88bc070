import type { Logger } from 'pino'
import { CollectorError, type CollectorErrorCode } from '../errors.ts'

const AGAIN = 30_000

/** What a person has to mend, and no waiting mends: nothing is started with it. */
const FOR_PEOPLE: ReadonlySet<string> = new Set<CollectorErrorCode>([
  'config_invalid',
  'file_unreadable',
  'trust_invalid',
  'registry_invalid',
])

/**
 * Starts all at once. One that fails is named, told of, and tried again each half minute until it works
 * or what is returned is disposed.
 *
 * @throws CollectorError of the first that is configured wrongly, by its name; and whatever was thrown,
 *   where none could be started
 */
export async function startEach(
  names: readonly string[],
  start: (name: string) => Promise<unknown>,
  onFailure: (name: string) => void,
  logger: Logger,
  every = AGAIN,
): Promise<AsyncDisposable> {
  const failed = (name: string, reason: unknown): void => {
    onFailure(name)
    logger.error({ tenant: name, err: messageOf(reason) }, 'a tenant could not be started')
  }
  const results = await Promise.allSettled(names.map(start))
  const failures: { readonly name: string; readonly reason: unknown }[] = []
  for (const [i, result] of results.entries()) {
    const name = names[i] ?? ''
    if (result.status === 'rejected') failures.push({ name, reason: result.reason })
  }
  const [first] = failures
  const wrong = failures.find(({ reason }) => FOR_PEOPLE.has(codeOf(reason)))
  if (wrong?.reason instanceof CollectorError) {
    const { code, message } = wrong.reason
    throw new CollectorError(code, `tenant ${wrong.name}: ${message}`, { cause: wrong.reason })
  }
  if (first !== undefined && failures.length === names.length) throw first.reason
  for (const { name, reason } of failures) failed(name, reason)

  let waiting = failures.map(({ name }) => name)
  let stopped = false
  let timer: NodeJS.Timeout | undefined
  let turn: Promise<void> = Promise.resolve()
  const again = async (): Promise<void> => {
    const still: string[] = []
    for (const name of waiting) {
      if (stopped) return
      try {
        await start(name)
        logger.warn({ tenant: name }, 'a tenant is started at last')
      } catch (error) {
        failed(name, error)
        still.push(name)
      }
    }
    waiting = still
    plan()
  }
  const plan = (): void => {
    if (stopped || waiting.length === 0) return
    timer = setTimeout(() => {
      turn = again()
    }, every)
  }
  plan()
  return {
    async [Symbol.asyncDispose]() {
      stopped = true
      clearTimeout(timer)
      await turn
    },
  }
}

/** Only the message: an error may hold an address, and never needs a stack in the log. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}

function codeOf(error: unknown): string {
  return error instanceof CollectorError ? error.code : ''
}

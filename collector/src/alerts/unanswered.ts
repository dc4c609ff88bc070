import type { GraphNode } from '@delegraph/graph-schema'
import type { FindingMessage } from './channel.ts'
import { eventOf } from './owed-queue.ts'

/**
 * What was said and not answered. The receiver may have taken it, so a repetition under the same id
 * has to be the same message, whatever was learned in between.
 */
export interface Unanswered {
  /** What was said of this alert before, at another time; made where nothing was. */
  message(
    alert: GraphNode,
    at: number,
    make: () => Promise<FindingMessage>,
  ): Promise<FindingMessage>
  forget(alert: GraphNode): void
}

/** Messages that are remembered; each may have a proof of 256 KiB. */
const MAX_REMEMBERED = 64

export function rememberUnanswered(max = MAX_REMEMBERED): Unanswered {
  const messages = new Map<string, FindingMessage>()
  return {
    async message(alert, at, make) {
      const { id } = eventOf(alert)
      const message = messages.get(id) ?? (await make())
      // Said last is forgotten last.
      messages.delete(id)
      messages.set(id, message)
      if (messages.size > max) messages.delete(messages.keys().next().value ?? '')
      return { ...message, at }
    },
    forget(alert) {
      messages.delete(eventOf(alert).id)
    },
  }
}

interface Flushable {
  drain(milliseconds: number): Promise<void>
}

/**
 * Timers of the sender do not keep a process alive. A script that simply ends would lose its last
 * quarter of a second, so one attempt of at most two seconds is made when nothing else is left to
 * do. A collector that is down is not waited for.
 */
export function flushBeforeExit(sender: Flushable): void {
  if (WAITING.size === 0) process.once('beforeExit', flushAll)
  WAITING.add(sender)
}

const WAITING = new Set<Flushable>()
const LAST_CHANCE = 2000

function flushAll(): void {
  const senders = [...WAITING]
  WAITING.clear()
  for (const sender of senders) void sender.drain(LAST_CHANCE)
}

import type { AuditEntry } from './audit-entry.ts'

/** Entries of one kind that are written one by one in a minute. */
const EACH = 60
const MINUTE = 60_000
/** Kinds that are told apart at once; more are one kind for each surface and reason. */
const MAX_KINDS = 1_000

export interface Crowd extends Disposable {
  note(entry: AuditEntry): void
}

interface Kind {
  seen: number
  /** The last one that was not written. */
  last?: AuditEntry
}

/**
 * Hands refusals on one by one while they are few, and as a number when they are many: a flood of strangers must not
 * push what people did out of a file of bounded size. Of one kind (surface, reason, outcome, status, who) at most
 * {@link EACH} in a minute are written as they come, and of the others the last when the minute is over, with `count`. What was answered is never counted together.
 */
export function openCrowd(write: (entry: AuditEntry) => void, clock: () => number): Crowd {
  const kinds = new Map<string, Kind>()
  let began = 0
  let timer: NodeJS.Timeout | undefined
  const flush = (): void => {
    clearTimeout(timer)
    timer = undefined
    for (const { seen, last } of kinds.values()) {
      if (last !== undefined) write({ ...last, count: seen - EACH })
    }
    kinds.clear()
  }
  const kindOf = (key: string, rough: string): Kind => {
    const name = kinds.has(key) || kinds.size < MAX_KINDS ? key : rough
    const kind = kinds.get(name) ?? { seen: 0 }
    kinds.set(name, kind)
    return kind
  }
  return {
    note(entry) {
      if (!isRefusal(entry)) return write(entry)
      const now = clock()
      if (now - began >= MINUTE || now < began) {
        flush()
        began = now
      }
      if (timer === undefined) {
        timer = setTimeout(flush, MINUTE)
        timer.unref()
      }
      const { surface, reason = '', outcome = '', status, by = '', tenant = '' } = entry
      const rough = JSON.stringify([surface, reason, outcome, status])
      const kind = kindOf(JSON.stringify([rough, by, tenant]), rough)
      kind.seen += 1
      if (kind.seen <= EACH) return write(entry)
      kind.last = entry
    },
    [Symbol.dispose]: flush,
  }
}

/** Whatever was refused before anything was asked, and all that nobody who is known did. */
function isRefusal({ by, reason }: AuditEntry): boolean {
  return by === undefined || reason !== undefined
}

import { createHash, randomBytes } from 'node:crypto'
import type { Viewer } from '../viewer.ts'

/** Who is signed in, in memory alone: a restart signs everybody out. */
export interface Sessions extends Disposable {
  /** Begins one. What it gives back goes to the browser and is kept nowhere else. */
  begin(viewer: Viewer): string
  /** Who it is, for as long as it lasts; using it makes it last. */
  viewerOf(id: string): Viewer | undefined
  /** Ends it at once, with every stream that is open under it. */
  end(id: string): Viewer | undefined
}

export interface SessionLimits {
  /** Milliseconds. */
  readonly idle: number
  /** Milliseconds. */
  readonly longest: number
  /** How many there are at most; what was not used for longest ends first. */
  readonly max: number
  /** Epoch milliseconds. */
  readonly clock: () => number
}

/** Of one person at most: nobody signs the others out by signing in again and again. */
const MAX_EACH = 20
/** Milliseconds in which one that is over is noticed also where nobody asks. */
const SWEEP = 10_000

interface Session {
  readonly viewer: Viewer & { readonly until: number }
  readonly over: AbortController
  usedAt: number
}

/** Sessions under random ids of 256 bits, known by their digests only. The map is in the order of last use. */
export function openSessions({ idle, longest, max, clock }: SessionLimits): Sessions {
  const known = new Map<string, Session>()
  const drop = (digest: string): Viewer | undefined => {
    const session = known.get(digest)
    known.delete(digest)
    session?.over.abort()
    return session?.viewer
  }
  const isOver = ({ viewer, usedAt }: Session): boolean => {
    const now = clock()
    return now >= viewer.until || now - usedAt >= idle
  }
  const sweep = (): void => {
    for (const [digest, session] of known) if (isOver(session)) drop(digest)
  }
  const timer = setInterval(sweep, SWEEP)
  timer.unref()
  return {
    begin(viewer) {
      sweep()
      const own = [...known].filter(
        ([
          ,
          {
            viewer: { name, tenant },
          },
        ]) => {
          return name === viewer.name && tenant === viewer.tenant
        },
      )
      const [oldest] = own.length >= MAX_EACH ? own : known.size >= max ? known : []
      if (oldest !== undefined) drop(oldest[0])
      const id = randomBytes(32).toString('base64url')
      const over = new AbortController()
      const usedAt = clock()
      known.set(digestOf(id), {
        viewer: { ...viewer, until: usedAt + longest, ended: over.signal },
        over,
        usedAt,
      })
      return id
    },
    viewerOf(id) {
      const digest = digestOf(id)
      const session = known.get(digest)
      if (session === undefined) return undefined
      if (isOver(session)) {
        drop(digest)
        return undefined
      }
      session.usedAt = clock()
      known.delete(digest)
      known.set(digest, session)
      return session.viewer
    },
    end: (id) => drop(digestOf(id)),
    [Symbol.dispose]() {
      clearInterval(timer)
      for (const digest of [...known.keys()]) drop(digest)
    },
  }
}

function digestOf(id: string): string {
  return createHash('sha256').update(id).digest('base64url')
}

import { randomBytes } from 'node:crypto'
import { EncryptJWT, errors, jwtDecrypt } from 'jose'

/** A sign-in that is under way; the browser that began it carries it, sealed. */
export interface Flow {
  /** Comes back with the answer (RFC 6749 section 4.1.2). */
  readonly state: string
  /** Comes back in the ID token (OpenID Connect Core 1.0 section 3.1.2.1). */
  readonly nonce: string
  /** Whose digest the provider has (RFC 7636). */
  readonly verifier: string
  /** Path of the console that is gone back to. */
  readonly to: string
}

/** Seconds in which somebody can sign in. */
export const FLOW_SECONDS = 600
/** Of those that came back; more than are possible in that time but for a flood, which then is known by the provider alone. */
const MAX_USED = 10_000

export interface FlowSeal {
  seal(flow: Flow): Promise<string>
  /** Once for each; undefined for one that is over, of another process, or not ours. */
  open(text: string, state: string): Promise<Flow | undefined>
}

/**
 * Keeps nothing for whoever only begins: a stranger who begins often fills no memory and pushes nobody out. The key
 * is made here and lost with the process.
 */
export function flowSeal(clock: () => number): FlowSeal {
  const key = randomBytes(32)
  /** Until when a state that came back must not come back again, in the order in which they came. */
  const used = new Map<string, number>()
  const use = (state: string): boolean => {
    const now = clock()
    for (const [old, until] of used) {
      if (until > now && used.size < MAX_USED) break
      used.delete(old)
    }
    if (used.has(state)) return false
    used.set(state, now + FLOW_SECONDS * 1_000)
    return true
  }
  return {
    seal: ({ state, nonce, verifier, to }) =>
      new EncryptJWT({ state, nonce, verifier, to })
        .setProtectedHeader({ alg: 'dir', enc: 'A256GCM' })
        .setExpirationTime(Math.floor(clock() / 1_000) + FLOW_SECONDS)
        .encrypt(key),
    async open(text, state) {
      try {
        const { payload } = await jwtDecrypt(text, key, {
          keyManagementAlgorithms: ['dir'],
          contentEncryptionAlgorithms: ['A256GCM'],
          currentDate: new Date(clock()),
        })
        const flow = payload as unknown as Flow
        return flow.state === state && use(state) ? flow : undefined
      } catch (error) {
        if (error instanceof errors.JOSEError) return undefined
        throw error
      }
    },
  }
}

import type { Pulse } from '../../pulse/pulse.ts'
import { evidenceShare } from '../../questions/posture/counts.ts'
import type { Fields } from './fields.ts'

/** Milliseconds of which actions are looked at: an action is told when it is over, so a minute has few. */
const LOOKED_BACK = 900_000

export const pulseFields: Fields<Pulse> = {
  evidence: (_, __, { store, clock }) => {
    const now = clock()
    return evidenceShare(store, now - LOOKED_BACK, now)
  },
}

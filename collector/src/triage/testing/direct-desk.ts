import type { GraphStore } from '../../graph/index.ts'
import { createDesk, type TriageDesk } from '../desk.ts'
import { parseTriagePayload, type TriageRecord, triagePayload } from '../record.ts'
import { takeTriage } from '../take.ts'

/** A desk without a journal: what it records is in the graph at once. */
export function directDesk(store: GraphStore, clock: () => number = Date.now): TriageDesk {
  let seq = 0
  const record = async (said: TriageRecord): Promise<void> => {
    seq += 1
    const read = parseTriagePayload(triagePayload(said))
    for await (const { nodes } of takeTriage(store, read, seq)) {
      await store.write({ nodes, edges: [] })
    }
  }
  return createDesk({ store, record, clock })
}

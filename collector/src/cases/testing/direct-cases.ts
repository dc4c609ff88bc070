import type { GraphStore } from '../../graph/index.ts'
import { type CaseDesk, createCaseDesk } from '../desk.ts'
import { casePayload, parseCasePayload } from '../record.ts'
import { takeCase } from '../take.ts'

/** A desk without a journal: what it records is in the graph at once. */
export function directCases(store: GraphStore, clock: () => number = Date.now): CaseDesk {
  return createCaseDesk({
    store,
    clock,
    record: async (said) => store.write(await takeCase(store, parseCasePayload(casePayload(said)))),
  })
}

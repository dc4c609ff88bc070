import { useMemo, useState } from 'react'
import type { FindingRow } from '../documents.ts'

/** Findings that are selected to say the same of all of them. Only what the list still shows counts. */
export interface Picks {
  readonly findings: readonly FindingRow[]
  /** Whether all of them are; of what is not loaded none is. */
  readonly has: (findings: readonly FindingRow[] | undefined) => boolean
  /** Takes them in where one is not yet, and else lets all of them go. */
  readonly toggle: (findings: readonly FindingRow[]) => void
  readonly only: (findings: readonly FindingRow[]) => void
  readonly clear: () => void
}

/** A selection is a thought, not a place: it is not in the URL, and ends with what was said. */
export function usePicks(listed: readonly FindingRow[]): Picks {
  const [ids, setIds] = useState<ReadonlySet<string>>(new Set())
  const findings = useMemo(() => listed.filter(({ id }) => ids.has(id)), [listed, ids])
  const has = (some: readonly FindingRow[] | undefined): boolean =>
    some?.every(({ id }) => ids.has(id)) ?? false
  return {
    findings,
    has,
    toggle: (some) => {
      const next = new Set(ids)
      const isIn = has(some)
      for (const { id } of some) {
        if (isIn) next.delete(id)
        else next.add(id)
      }
      setIds(next)
    },
    only: (some) => setIds(new Set(some.map(({ id }) => id))),
    clear: () => setIds(new Set()),
  }
}

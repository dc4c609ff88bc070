import type { CallEvidence, CallFacts } from '../evidence/types.ts'

/** What all spans of one call say together, and whether they contradict each other. */
export interface MergedFacts {
  readonly facts: CallFacts
  readonly disagree: boolean
}

/**
 * Merges every span that was reported for one call. Usually there is one; a second, different one is
 * a retry, a cut copy or a lie. The result does not depend on the order of arrival: instrumented
 * spans go first, then the smaller digest.
 */
export function mergeCalls(calls: readonly CallEvidence[]): MergedFacts | undefined {
  const ordered = [...calls].sort(
    (a, b) => Number(b.facts.instrumented) - Number(a.facts.instrumented) || (a.id < b.id ? -1 : 1),
  )
  const [first, ...others] = ordered
  if (first === undefined) return undefined
  let facts = first.facts
  let disagree = false
  for (const { facts: other } of others) {
    disagree ||= differs(facts, other)
    facts = {
      ...other,
      ...facts,
      approvals: union(facts.approvals, other.approvals),
      decisions: union(facts.decisions, other.decisions),
      receipts: union(facts.receipts, other.receipts),
      drivers: union(facts.drivers, other.drivers),
      ...(facts.dataIn === undefined && other.dataIn === undefined
        ? {}
        : { dataIn: union(facts.dataIn ?? [], other.dataIn ?? []) }),
      ...(facts.dataOut === undefined && other.dataOut === undefined
        ? {}
        : { dataOut: union(facts.dataOut ?? [], other.dataOut ?? []) }),
    }
  }
  return { facts, disagree }
}

const COMPARED = ['agent', 'tool', 'audience', 'task', 'link', 'actionHash', 'args'] as const

function differs(a: CallFacts, b: CallFacts): boolean {
  return COMPARED.some(
    (name) => a[name] !== undefined && b[name] !== undefined && a[name] !== b[name],
  )
}

function union(a: readonly string[], b: readonly string[]): string[] {
  return [...new Set([...a, ...b])].sort()
}

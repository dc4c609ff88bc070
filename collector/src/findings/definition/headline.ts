import type { DetectorId } from '@delegraph/graph-schema'

/** What an incident is called by, where several rules fired on one action: the first of these. */
export const HEADLINE_ORDER = [
  'D10',
  'D9',
  'D16',
  'D6',
  'D15',
  'D4',
  'D5',
  'D1',
  'D2',
  'D3',
  'D14',
  'D7',
  'D11',
  'D13',
  'D12',
  'D8',
] as const satisfies readonly DetectorId[]

/** Their premises are unproven where the chain itself does not hold together. */
export const HELD_BACK: ReadonlySet<DetectorId> = new Set<DetectorId>(['D2', 'D3', 'D12'])

/**
 * A number that puts what wakes somebody first: what pages, then the graver, then what the incident is
 * called by.
 */
export function urgencyOf(finding: {
  readonly rule: DetectorId
  readonly pages: boolean
  readonly severity: number
}): number {
  const order: readonly DetectorId[] = HEADLINE_ORDER
  const place = order.indexOf(finding.rule)
  return (finding.pages ? 1_000 : 0) + finding.severity * 100 + order.length - Math.max(place, 0)
}

/** The rules of one incident as it is told: in the order of headlines, each behind what it is told by. */
export function inOrder<
  T extends { readonly id: DetectorId; readonly behind?: DetectorId | undefined },
>(told: readonly T[]): T[] {
  const fired = new Set(told.map(({ id }) => id))
  const place = ({ id, behind }: T): number =>
    behind !== undefined && fired.has(behind)
      ? HEADLINE_ORDER.indexOf(behind) + 0.5
      : HEADLINE_ORDER.indexOf(id)
  return [...told].sort((a, b) => place(a) - place(b))
}

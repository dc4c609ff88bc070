import { DETECTORS, type DetectorId } from '@delegraph/graph-schema'
import type { Filter, GraphStore } from '../../graph/index.ts'
import { textOf } from '../../project/nodes.ts'
import type { CloseReason, TriageState } from '../../triage/states.ts'

/** A number that is counted up to a limit. */
export interface Counted {
  readonly value: number
  readonly approximate: boolean
}

const MOST_FINDINGS = 10_000
const MOST_ACTIONS = 100_000
/** Open findings that are looked at for what they blame, newest first. */
const NEWEST = 500
const BLAMED = 10

export const OPEN = {
  state: ['open'],
  triage: ['new', 'acknowledged', 'in_progress'] satisfies TriageState[],
  suppressed: [false],
}
export const ACCEPTED = { state: ['open'], triage: ['accepted'] satisfies TriageState[] }
export const CLOSED = { triage: ['closed'] satisfies TriageState[] }
const WRONG = { ...CLOSED, reason: ['detector_wrong'] satisfies CloseReason[] }

export interface RulePosture {
  readonly rule: DetectorId
  readonly ruleName: string
  readonly open: Counted
  readonly closed: Counted
  readonly detectorWrong: Counted
}

/** Rules with a finding that is open or closed, by their codes. */
export async function rulePostures(store: GraphStore): Promise<RulePosture[]> {
  const of = (rule: DetectorId, equals: Filter['equals']): Promise<Counted> =>
    findings(store, { rule: [rule], ...equals })
  const all: RulePosture[] = []
  for (const rule of Object.keys(DETECTORS) as DetectorId[]) {
    const [open, closed] = [await of(rule, OPEN), await of(rule, CLOSED)]
    if (open.value + closed.value === 0) continue
    const detectorWrong = await of(rule, WRONG)
    all.push({ rule, ruleName: DETECTORS[rule], open, closed, detectorWrong })
  }
  return all
}

export interface Blamed {
  readonly kind: string
  readonly id: string
  readonly findings: Counted
}

/** What most of the newest open findings blame; each is then counted among all of them. */
export async function mostBlamed(store: GraphStore): Promise<Blamed[]> {
  const newest = await store.page({
    kind: 'Finding',
    where: { equals: OPEN },
    ...{ orderBy: 'raisedAt', direction: 'desc', limit: NEWEST },
  })
  const blamed = Map.groupBy(newest, (node) => textOf(node, 'culprit') ?? '')
  blamed.delete('')
  const most = [...blamed]
    .sort(([a, x], [b, y]) => y.length - x.length || (a < b ? -1 : 1))
    .slice(0, BLAMED)
  const counted: Blamed[] = []
  for (const [id, [first]] of most) {
    const kind = (first && textOf(first, 'culpritKind')) ?? ''
    counted.push({ kind, id, findings: await findings(store, { ...OPEN, culprit: [id] }) })
  }
  return counted.sort((a, b) => b.findings.value - a.findings.value)
}

export interface EvidenceShare {
  readonly proven: Counted
  readonly signed: Counted
  readonly asserted: Counted
  readonly observed: Counted
}

/** The actions of a time, of some grades or of all; both ends are in it, epoch milliseconds. */
export function actionsBetween(
  since: number,
  until: number,
  grades: readonly string[] | undefined,
): Filter {
  const equals = grades === undefined ? {} : { equals: { grade: grades } }
  return { ...equals, min: { at: since }, max: { at: until } }
}

/** What the actions of a time are shown by; both ends are in it, epoch milliseconds. */
export async function evidenceShare(
  store: GraphStore,
  since: number,
  until: number,
): Promise<EvidenceShare> {
  const of = async (grade: keyof EvidenceShare): Promise<Counted> => {
    const where = actionsBetween(since, until, [grade])
    return counted(await store.count('Action', where, MOST_ACTIONS), MOST_ACTIONS)
  }
  return {
    proven: await of('proven'),
    signed: await of('signed'),
    asserted: await of('asserted'),
    observed: await of('observed'),
  }
}

export async function findings(
  store: GraphStore,
  equals: Filter['equals'],
  any?: Filter['any'],
): Promise<Counted> {
  const where = {
    ...(equals === undefined ? {} : { equals }),
    ...(any === undefined ? {} : { any }),
  }
  return counted(await store.count('Finding', where, MOST_FINDINGS), MOST_FINDINGS)
}

function counted(value: number, limit: number): Counted {
  return { value, approximate: value >= limit }
}

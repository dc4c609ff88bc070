import { toolName } from '../../shared/short.ts'
import type { ReachRow } from './documents.ts'
import type { ExploreSearch } from './explore-search.ts'

/** One permission, whichever of the two lists of the answer it came in. */
export function keyOfRow({ agent, tool, limits }: Pick<ReachRow, 'agent' | 'tool' | 'limits'>) {
  return JSON.stringify([agent.id, tool, ...limits])
}

/** Both lists as one, gravest first as the API has each, and each permission once. */
export function mergedRows(
  exercised: readonly ReachRow[],
  exercisable: readonly ReachRow[],
): ReachRow[] {
  const rows = new Map([...exercised, ...exercisable].map((row) => [keyOfRow(row), row]))
  return [...rows]
    .sort(
      ([a, x], [b, y]) =>
        criticality(y) - criticality(x) || gravity(y) - gravity(x) || (a < b ? -1 : 1),
    )
    .map(([, row]) => row)
}

/** Of the gravest zone that it is in, as the API orders by it. */
function criticality({ zones }: ReachRow): number {
  return zones[0]?.criticality ?? 0
}

/** What nobody classified counts as a write, as the API counts it. */
function gravity({ effectClass }: ReachRow): number {
  return effectClass ?? 3
}

export function shownRows(rows: readonly ReachRow[], search: ExploreSearch): ReachRow[] {
  const { only, effect, agent, to, zone } = search
  const text = to?.toLowerCase()
  return rows.filter(
    (row) =>
      (only === undefined || isOf(row, only)) &&
      (effect === undefined || String(row.effectClass ?? 'none') === effect) &&
      (zone === undefined || row.zones.some(({ name }) => name === zone)) &&
      (agent === undefined || agent.includes(row.agent.id)) &&
      (text === undefined ||
        [row.agent.id, row.agent.name, row.tool, row.resource ?? ''].some((part) =>
          part.toLowerCase().includes(text),
        )),
  )
}

function isOf(row: ReachRow, part: NonNullable<ExploreSearch['only']>): boolean {
  switch (part) {
    case 'exercised':
      return row.exercised
    case 'exercisable':
      return row.exercisable
    case 'granted':
      return row.rule === 'GIVEN'
    case 'inherited':
      return row.rule !== 'GIVEN'
    case 'undecided':
      return !row.decided
  }
}

const RULES: Readonly<Record<ReachRow['rule'], string>> = {
  GIVEN: 'granted',
  CALLABLE: 'inherited by a call',
  STATEFUL: 'inherited by data',
  CONTROL: 'inherited by control',
}

export function ruleWord({ rule }: Pick<ReachRow, 'rule'>): string {
  return RULES[rule]
}

const EFFECTS = ['', 'read', 'sensitive read', 'reversible write', 'irreversible'] as const

export function effectWord(effectClass: number | null): string {
  return effectClass === null ? 'not classified' : (EFFECTS[effectClass] ?? String(effectClass))
}

export const COLUMNS = [
  'agent',
  'tool',
  'limits',
  'effect',
  'zones',
  'rule',
  'decided',
  'exercised',
  'exercisable',
  'principal',
  'resource',
  'from',
  'until',
  'lastAction',
  'witness',
] as const

export function exportedRow(row: ReachRow) {
  return {
    ...row,
    agent: row.agent.id,
    principal: row.principal?.id,
    effect: effectWord(row.effectClass),
    rule: ruleWord(row),
    zones: row.zones.map(({ name }) => name),
    lastAction: row.lastAction?.id,
    witness: row.witness.map(({ sentence }) => sentence),
  }
}

export function permissionName({ agent, tool }: Pick<ReachRow, 'agent' | 'tool'>): string {
  return `${toolName(tool)} by ${agent.name}`
}

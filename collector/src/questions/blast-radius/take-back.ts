import { list, toolName, who } from '../../verify/words.ts'
import { type Cut, smallestCut } from './choke-points.ts'
import { type Fact, type FactKind, type Ground, keyOf, type Row, type Step } from './ground.ts'

/** Something that can be taken back, and how much that cuts off. */
export interface ChokePoint {
  readonly kind: string
  readonly id: string
  readonly cuts: number
  readonly of: number
  readonly sentence: string
}

export interface WitnessStep {
  readonly kind: string
  readonly id: string
  readonly sentence: string
}

const REVOCABLE: ReadonlySet<FactKind> = new Set([
  'link',
  'approval',
  'credential',
  'standing',
  'export',
  'key',
])

/** A permission that is not to be reached. */
type Wanted = Pick<Row, 'agent' | 'tool'> & { readonly limits: readonly string[] }

/** What parts the start from these permissions in force, in order; `words` says what is left after each. */
export function chokePointsTo(
  start: Fact,
  wanted: readonly Wanted[],
  ground: Ground,
  words: (cuts: number, left: number, of: number) => string,
): ChokePoint[] {
  const targets = wanted.map(({ agent, tool, limits }) =>
    keyOf('permission', JSON.stringify([agent, tool, ...limits])),
  )
  return chokePointsBefore(start, new Set(targets), ground, words)
}

/** The same for facts of any kind, by their keys. */
export function chokePointsBefore(
  start: Fact,
  targets: ReadonlySet<string>,
  ground: Ground,
  words: (cuts: number, left: number, of: number) => string,
): ChokePoint[] {
  if (targets.size === 0) return []
  const steps = [...ground.steps.values()].filter(({ live }) => live)
  const kindOf = (fact: string): FactKind => ground.facts.get(fact)?.kind ?? 'permission'
  const cuts = smallestCut(keyOf(start.kind, start.id), targets, steps, (fact) =>
    REVOCABLE.has(kindOf(fact)),
  )
  const own = REVOCABLE.has(start.kind)
    ? [{ fact: keyOf(start.kind, start.id), cuts: targets.size }]
    : []
  let left = targets.size
  const told = ({ fact, cuts: cut }: Cut, remaining: number): ChokePoint => {
    const { kind, id } = ground.facts.get(fact) ?? start
    const sentence = `${nameOf(kind, id, fact, ground)}: ${words(cut, remaining, targets.size)}`
    return { kind: shown(kind), id, cuts: cut, of: targets.size, sentence }
  }
  return [
    // Whatever hangs on the start goes with it.
    ...own.map((cut) => told(cut, 0)),
    ...cuts.map((cut) => {
      left -= cut.cuts
      return told(cut, left)
    }),
  ]
}

/** `deploy, status and read`: at most three of the tools. */
export function toolsIn(rows: readonly Pick<Row, 'tool'>[]): string {
  return list([...new Set(rows.map(({ tool }) => toolName(tool)))].slice(0, 3))
}

function nameOf(kind: FactKind, id: string, fact: string, ground: Ground): string {
  if (kind === 'standing' || kind === 'export') {
    const [agent = '', tool = ''] = id.split(' ', 2)
    const words = kind === 'standing' ? 'the standing permission for' : 'the export of'
    return `${words} ${toolName(tool)} of ${who(agent)}`
  }
  const into = [...ground.steps.values()].find(({ to }) => to === fact)
  return `${kind} ${id.slice(0, 8)}${into === undefined ? '' : ` (${into.sentence})`}`
}

/** A step as it is told: the fact that it leads to, and how. */
export function told({ to, sentence }: Step, ground: Ground): WitnessStep {
  const fact = ground.facts.get(to)
  return { kind: shown(fact?.kind ?? 'permission'), id: fact?.id ?? to, sentence }
}

/** An agent is one, whatever it was reached with. */
export function shown(kind: FactKind): string {
  return kind === 'holder' ? 'agent' : kind
}

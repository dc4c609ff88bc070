// Holds the oracle against labels: node --conditions=delegraph-source test/oracle/score.ts FILE...
// Prints every disagreement, then how many cases, actions, twins and culprits it got right.
import { readFileSync } from 'node:fs'
import { type Case, parseCases } from '../eval/format.ts'
import { judge } from './oracle.ts'

class Tally {
  private readonly counts = { right: 0, missed: 0, alarm: 0 }

  add(expected: boolean, got: boolean): void {
    if (expected && got) this.counts.right++
    else if (expected) this.counts.missed++
    else if (got) this.counts.alarm++
  }

  toString(): string {
    const { right, missed, alarm } = this.counts
    const rate = (of: number) => (of === 0 ? 'none' : (right / of).toFixed(3))
    return `precision ${rate(right + alarm)}, recall ${rate(right + missed)} (${right} right)`
  }
}

for (const file of process.argv.slice(2)) {
  const cases = parseCases(readFileSync(file, 'utf8'))
  const [caseTally, actionTally, culprits] = [new Tally(), new Tally(), new Tally()]
  const twins = new Map<string, boolean>()
  for (const one of cases) {
    const { flagged, kinds, at, named } = verdictOn(one)
    const { label } = one
    caseTally.add(label.inherit, flagged)
    const isScored = !label.inherit || label.actions.length > 0
    for (const place of isScored ? new Set([...at, ...label.actions]) : [])
      actionTally.add(label.actions.includes(place), at.includes(place))
    if (label.culprit) culprits.add(true, named.includes(label.culprit))
    const isRight = flagged === label.inherit
    if (one.pair_id) twins.set(one.pair_id, (twins.get(one.pair_id) ?? true) && isRight)
    const differs = isScored && [...at].sort().join() !== [...label.actions].sort().join()
    if (!isRight || differs)
      console.log(
        `${one.case_id}: expected ${told(label.actions, label.kinds)}, got ${told(at, kinds)}`,
      )
  }
  const pairs = [...twins.values()]
  console.log(`${file}: ${cases.length} cases
  cases    ${caseTally}
  actions  ${actionTally}
  culprits ${culprits}
  twins    ${pairs.filter(Boolean).length} of ${pairs.length}`)
}

/** A case labelled with nothing but exposures is flagged where one of them is noted. */
function verdictOn(one: Case) {
  const { violated, incidents, exposures } = judge(one)
  const noted = exposures.filter((x) => one.label.inherit && one.label.kinds.includes(x.detector))
  const found = violated ? incidents.flatMap((i) => i.findings) : noted
  return {
    flagged: found.length > 0,
    kinds: [...new Set(found.map((f) => f.detector))],
    at: [...new Set(found.map((f) => f.at))],
    named: found.map((f) => f.culprit),
  }
}

function told(places: readonly string[], kinds: readonly string[]): string {
  return places.length + kinds.length === 0 ? 'nothing' : `${places.join(' ')} (${kinds.join(' ')})`
}

import fc from 'fast-check'
import { expect, it } from 'vitest'
import { labelled, storyAndMutant } from '../cases/random/case.ts'
import { judge } from '../oracle/oracle.ts'
import { unlabelled } from './evaluate.ts'
import type { Found } from './findings.ts'
import type { ActionEvent, ApprovalEvent, Case, LinkEvent } from './format.ts'
import { runCases } from './run.ts'

/** Each gives the same histories for good. */
const SEEDS = [1, 2, 3, 4, 5, 6]
/** Histories of a seed, each before and after a change. */
const HISTORIES = 25

it('says of random histories what the oracle says: violated or not, and where', async () => {
  const cases = SEEDS.flatMap((seed) =>
    fc
      .sample(storyAndMutant, { seed, numRuns: HISTORIES })
      .flatMap(({ story, mutant }, i) => labelled(`random-${seed}-${i}`, story, mutant)),
  )
  const found = await runCases(cases.map(unlabelled), { store: { kind: 'sqlite' } })
  const differing = cases.flatMap((one) => {
    const [expected, got] = [placesOf(one), placesFound(found.get(one.case_id) ?? [])]
    const differs = [...expected, ...got].some((id) => !expected.has(id) || !got.has(id))
    const told = `${one.case_id}: oracle ${[...expected]}, product ${[...got]}`
    return differs ? [{ told, why: EXPLAINED.find(({ applies }) => applies(one))?.shape }] : []
  })
  expect(differing.filter(({ why }) => why === undefined)).toEqual([])
  // What is explained is rare, or nothing is compared.
  expect(differing.length).toBeLessThan(cases.length / 20)
}, 600_000)

/** Shapes in which the two may differ, each for a reason. */
const EXPLAINED: readonly { readonly shape: string; applies(one: Case): boolean }[] = [
  {
    // A link is named by a hash of what it says: no bytes can make two of them each other's parents.
    shape: 'links in a ring',
    applies: (one) => linksOf(one).some((link) => above(one, link).includes(link)),
  },
  {
    // There is no key to hold its signature against: the product says that the chain is incomplete.
    shape: 'a broken signature under an unsigned link',
    applies: (one) =>
      linksOf(one).some(
        (link) => isBroken(link) && above(one, link).some(({ sig }) => sig === 'missing'),
      ),
  },
  {
    // The product tells the fault of each link under a broken one, the oracle that of the first alone.
    shape: 'links under one that is broken, may not be handed on, or names another principal',
    applies: (one) =>
      linksOf(one).some((link) => above(one, link).some((parent) => isOdd(one, parent))),
  },
  {
    // A stranger burns nothing: only who acts on a yes that fits uses it up. The oracle counts all who cite it.
    shape: 'a yes cited by a call that it is not for',
    applies: (one) =>
      actionsOf(one).some(({ approval, perm, t }) => {
        const cited = one.events.find(
          (event): event is ApprovalEvent => event.type === 'approval' && event.id === approval,
        )
        return cited !== undefined && (cited.perm !== perm || cited.t > t)
      }),
  },
]

function isOdd(one: Case, link: LinkEvent): boolean {
  const [parent] = above(one, link)
  const root = [link, ...above(one, link)].at(-1)
  return (
    isBroken(link) ||
    (parent !== undefined && (!parent.redelegable || parent.task !== link.task)) ||
    link.depth_left !== undefined ||
    one.limits.max_depth !== undefined ||
    (root?.principal !== undefined && root.principal !== root.issuer) ||
    (parent !== undefined && parent.holder !== link.issuer)
  )
}

function isBroken({ sig }: LinkEvent): boolean {
  return sig !== 'ok' && sig !== 'missing'
}

/** The links above one, the nearest first; with itself at the end of a ring. */
function above(one: Case, { parent }: LinkEvent): LinkEvent[] {
  const path: LinkEvent[] = []
  let next = linksOf(one).find(({ id }) => id === parent)
  while (next !== undefined && !path.includes(next)) {
    path.push(next)
    const { parent: higher } = next
    next = linksOf(one).find(({ id }) => id === higher)
  }
  return path
}

function linksOf({ events }: Case): LinkEvent[] {
  return events.filter((event) => event.type === 'link')
}

function actionsOf({ events }: Case): ActionEvent[] {
  return events.filter((event) => event.type === 'action')
}

function placesOf(one: Case): Set<string> {
  return new Set(judge(one).incidents.map(({ at }) => at))
}

/** A finding on a link that was used is told at its use, too. */
function placesFound(found: readonly Found[]): Set<string> {
  const violations = found.filter(
    ({ class: kind }) => kind === 'inheritance' || kind === 'validity',
  )
  return new Set(violations.flatMap(({ action, on }) => action ?? on ?? []))
}

import { Button } from '@mantine/core'
import { PrincipalName } from '../../shared/names.tsx'
import { counted } from '../../shared/short.ts'
import type { BlastRadius } from './documents.ts'
import { artefactOf, type Change, type ExploreSearch, textOfArtefact } from './explore-search.ts'
import { FactSentences } from './fact-sentences.tsx'
import { effectWord } from './reach-rows.ts'

/** What to take back first, what it would do, and whom to call; beside the picture until a fact is selected. */
export function ReachSummary({
  answer: { chokePoints, byZone, byEffect, owners },
  search,
  change,
}: {
  readonly answer: BlastRadius
  readonly search: ExploreSearch
  readonly change: Change
}) {
  const toggled = <T,>(before: T, value: T): T | undefined => (before === value ? undefined : value)
  return (
    <aside className="reach-aside" aria-label="Summary">
      <section>
        <h2>Choke points</h2>
        {chokePoints.length === 0 ? (
          <p className="dim">Nothing that can be taken back stands between.</p>
        ) : (
          <>
            <p className="dim">
              What to take back, in this order, to cut off the gravest in force.
            </p>
            <ol className="choke-points">
              {chokePoints.map((point) => {
                const { kind, id, cuts, of, sentence } = point
                const artefact = artefactOf(kind, id)
                return (
                  <li key={`${kind} ${id}`}>
                    <button
                      type="button"
                      className="text-button"
                      onClick={() => change({ select: `${kind} ${id}` }, true)}
                    >
                      {sentence}
                    </button>
                    <span className="row">
                      <span className="dim">
                        {cuts === 0
                          ? `cuts off none of ${of} by itself`
                          : `cuts off ${cuts} of ${of}`}
                      </span>
                      {artefact === undefined ? null : (
                        <Button
                          size="compact-xs"
                          variant="default"
                          onClick={() =>
                            change({ ask: 'revoke', revoke: [textOfArtefact(artefact)] })
                          }
                        >
                          What if?
                        </Button>
                      )}
                    </span>
                  </li>
                )
              })}
            </ol>
          </>
        )}
      </section>
      {byZone.length === 0 ? null : (
        <section>
          <h2>Zones</h2>
          <ul className="plain-list">
            {byZone.map(({ zone, count, chokePoints: points }) => (
              <li key={zone.name}>
                <button
                  type="button"
                  className="text-button"
                  aria-pressed={search.zone === zone.name}
                  onClick={() => change({ zone: toggled(search.zone, zone.name) ?? '' })}
                >
                  {zone.name}
                </button>
                <span className="dim">
                  criticality {zone.criticality} of 5, {count.exercised} exercised,{' '}
                  {count.exercisable} exercisable
                </span>
                <FactSentences className="choke-points" facts={points} change={change} />
              </li>
            ))}
          </ul>
        </section>
      )}
      <section>
        <h2>What it does</h2>
        <ul className="plain-list">
          {byEffect.map(({ effectClass, exercised, exercisable }) => {
            const effect = String(effectClass ?? 'none')
            return (
              <li key={effect}>
                <button
                  type="button"
                  className="text-button"
                  aria-pressed={search.effect === effect}
                  onClick={() => change({ effect: toggled(search.effect, effect) ?? '' })}
                >
                  {effectWord(effectClass)}
                </button>
                <span className="dim">
                  {exercised} exercised, {exercisable} exercisable
                </span>
              </li>
            )
          })}
        </ul>
      </section>
      <section>
        <h2>Whom to call</h2>
        <ul className="plain-list">
          {owners.map(({ owner, agents, exercised, exercisable }) => {
            const ids = agents.map(({ id }) => id)
            return (
              <li key={owner?.id ?? ''}>
                {owner === null ? <span>nobody answers</span> : <PrincipalName principal={owner} />}
                <button
                  type="button"
                  className="text-button"
                  aria-pressed={search.agent?.join() === ids.join()}
                  onClick={() => change({ agent: search.agent?.join() === ids.join() ? [] : ids })}
                >
                  {counted(agents.length, 'agent')}
                </button>
                <span className="dim">
                  {exercised} exercised, {exercisable} exercisable
                </span>
              </li>
            )
          })}
        </ul>
      </section>
    </aside>
  )
}

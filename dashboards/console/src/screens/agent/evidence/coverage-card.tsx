import { type ReactNode, useMemo } from 'react'
import { useAsk } from '../../../api/ask.ts'
import { useAsOf } from '../../../app/as-of.ts'
import { Show } from '../../../shared/asked.tsx'
import { CopyMenu } from '../../../shared/copy-menu.tsx'
import { OpenNumber } from '../../../shared/open-number.tsx'
import type { RawSearch } from '../../../shared/search-text.ts'
import type { AgentSearch, ShownHops } from '../agent-search.ts'
import { CoveredHops } from './covered-hops.tsx'
import { COVERAGE, type Coverage } from './documents.ts'

const GRADES = [
  ['proven', 'with a receipt of its own key'],
  ['signed', 'with a valid link'],
  ['asserted', 'by unsigned attributes'],
  ['observed', 'by a span of somebody else'],
] as const

/** How much of what an agent took part in is shown, and how well. */
export function CoverageCard({
  agent,
  search: { hops },
  change,
}: {
  readonly agent: string
  readonly search: AgentSearch
  readonly change: (part: RawSearch) => void
}) {
  const asOf = useAsOf()
  const variables = useMemo(
    () => ({ agents: [agent], ...(asOf === undefined ? {} : { asOf }) }),
    [agent, asOf],
  )
  const asked = useAsk(COVERAGE, variables)
  return (
    <section className="panel agent-card">
      <Show asked={asked} what="the coverage">
        {({ coverage: { nodes } }) => {
          const [one] = nodes
          return (
            <>
              <div className="row">
                <h2>Evidence</h2>
                <span className="spread row">
                  <CopyMenu
                    question={{ document: COVERAGE, variables }}
                    table={{
                      name: 'coverage',
                      columns: ['grade', 'hops'],
                      rows: () => (one === undefined ? [] : rowsOf(one)),
                    }}
                  />
                </span>
              </div>
              {one === undefined ? (
                <p className="dim">Nothing is known of its hops.</p>
              ) : (
                <Bars
                  coverage={one}
                  shown={hops}
                  show={(next) => change({ hops: next === hops ? '' : next })}
                />
              )}
            </>
          )
        }}
      </Show>
      {hops === undefined ? null : (
        <CoveredHops agent={agent} shown={hops} close={() => change({ hops: '' })} />
      )}
    </section>
  )
}

function rowsOf(one: Coverage): { readonly grade: string; readonly hops: number }[] {
  return GRADES.map(([grade]) => ({ grade, hops: one[grade] }))
}

function Bars({
  coverage,
  shown,
  show,
}: {
  readonly coverage: Coverage
  readonly shown: ShownHops | undefined
  readonly show: (hops: ShownHops) => void
}) {
  const { hops, dark, sentence } = coverage
  const number = (name: ShownHops, count: number): ReactNode => (
    <OpenNumber name={name} count={count} isOpen={shown === name} toggle={() => show(name)} />
  )
  const total = Math.max(
    1,
    GRADES.reduce((sum, [grade]) => sum + coverage[grade], 0),
  )
  return (
    <>
      <p>{sentence}.</p>
      {hops.value === 0 ? null : (
        <>
          <svg
            className="coverage-bar"
            viewBox={`0 0 ${total} 1`}
            preserveAspectRatio="none"
            aria-hidden="true"
          >
            {
              GRADES.reduce<{ x: number; bars: ReactNode[] }>(
                ({ x, bars }, [grade]) => ({
                  x: x + coverage[grade],
                  bars: [
                    ...bars,
                    <rect
                      key={grade}
                      className={`coverage-${grade}`}
                      x={x}
                      width={coverage[grade]}
                      height={1}
                    />,
                  ],
                }),
                { x: 0, bars: [] },
              ).bars
            }
          </svg>
          <table className="coverage-table">
            <caption className="visually-hidden">Hops by how well they are shown</caption>
            <thead className="visually-hidden">
              <tr>
                <th scope="col">Grade</th>
                <th scope="col">Hops</th>
                <th scope="col">Shown</th>
              </tr>
            </thead>
            <tbody>
              {GRADES.map(([grade, by]) => (
                <tr key={grade}>
                  <th scope="row">
                    <i className={`coverage-key coverage-${grade}`} aria-hidden="true" />
                    {grade}
                  </th>
                  <td>{number(grade, coverage[grade])}</td>
                  <td className="dim">{by}</td>
                </tr>
              ))}
              <tr className={dark > 0 ? 'is-dark' : ''}>
                <th scope="row">dark</th>
                <td>{number('dark', dark)}</td>
                <td className="dim">
                  of {number('all', hops.value)}: neither a link nor a receipt shows them
                </td>
              </tr>
            </tbody>
          </table>
        </>
      )}
    </>
  )
}

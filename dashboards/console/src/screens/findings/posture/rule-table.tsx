import { Link } from '@tanstack/react-router'
import { atLeast } from '../../../shared/short.ts'
import type { InboxSearch, RULES } from '../inbox-search.ts'
import type { RulePosture } from './documents.ts'
import { falsePositives, mostWrongFirst } from './rule-rates.ts'

/** How often people said that a rule was wrong, the noisiest first. */
export function RuleTable({ rules }: { readonly rules: readonly RulePosture[] }) {
  if (rules.length === 0) return <p className="dim">No finding is open, and none was closed.</p>
  return (
    <div className="matrix-scroll panel" tabIndex={0} role="region" aria-label="Rules">
      <table className="matrix">
        <thead>
          <tr>
            <th scope="col">Rule</th>
            <th scope="col">Open</th>
            <th scope="col">Closed</th>
            <th scope="col">Of them: the rule is wrong</th>
            <th scope="col">False positives</th>
          </tr>
        </thead>
        <tbody>
          {rules.toSorted(mostWrongFirst).map((posture) => {
            const { rule, ruleName, open, closed, detectorWrong } = posture
            const cells: readonly [RulePosture['open'], InboxSearch][] = [
              [open, {}],
              [closed, { tab: 'closed' }],
              [detectorWrong, { tab: 'closed', reason: ['DETECTOR_WRONG'] }],
            ]
            return (
              <tr key={rule}>
                <th scope="row">
                  {rule} <span className="dim">{ruleName}</span>
                </th>
                {cells.map(([count, search]) => (
                  <td key={JSON.stringify(search)}>
                    {count.value === 0 ? (
                      <span className="dim">0</span>
                    ) : (
                      <Link
                        to="/findings"
                        search={{ ...search, rule: [rule as (typeof RULES)[number]] }}
                      >
                        {atLeast(count)}
                      </Link>
                    )}
                  </td>
                ))}
                <td>{falsePositives(posture)}</td>
              </tr>
            )
          })}
        </tbody>
      </table>
    </div>
  )
}

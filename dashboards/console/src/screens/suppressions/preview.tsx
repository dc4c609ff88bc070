import { Link } from '@tanstack/react-router'
import { useAsk } from '../../api/ask.ts'
import { Show } from '../../shared/asked.tsx'
import { Instant } from '../../shared/instant.tsx'
import { Severity } from '../../shared/marks.tsx'
import { counted } from '../../shared/short.ts'
import { HiddenMark, TriageMark } from '../findings/triage/triage-mark.tsx'
import { type Matcher, PREVIEW } from './documents.ts'

/** What a rule would hide, of the past and of now. */
export function Preview({
  matcher,
  isOld,
}: {
  readonly matcher: Matcher
  /** Something else has been written since. */
  readonly isOld: boolean
}) {
  const asked = useAsk(PREVIEW, { matcher })
  return (
    <section className="suppression-preview" aria-label="What it would hide">
      <Show asked={asked} what="what it would hide">
        {({ previewSuppression: told }) => {
          if (told.__typename !== 'SuppressionPreview') return <p role="alert">{told.message}</p>
          const { matches, findings } = told
          return (
            <>
              <p role="status">
                <b>
                  It would hide {counted(matches.value, 'finding')}
                  {matches.approximate ? ' or more' : ''}
                </b>
                {findings.nodes.length < matches.value
                  ? `; the first ${findings.nodes.length} of them:`
                  : ''}
                {isOld ? ' This is about what was written before.' : ''}
              </p>
              {findings.nodes.length === 0 ? null : (
                <table>
                  <thead>
                    <tr>
                      <th>Severity</th>
                      <th>Rule</th>
                      <th>What happened</th>
                      <th>Happened</th>
                      <th>Triage</th>
                    </tr>
                  </thead>
                  <tbody>
                    {findings.nodes.map(
                      ({ id, rule, title, severity, state, happenedAt, triage }) => (
                        <tr key={id}>
                          <td>
                            <Severity value={severity} />
                          </td>
                          <td>{rule}</td>
                          <td>
                            <Link to="/findings" search={{ tab: 'all', finding: id }}>
                              {title}
                            </Link>
                            {state === 'WITHDRAWN' ? ' · withdrawn' : ''}
                          </td>
                          <td>
                            <Instant at={happenedAt} />
                          </td>
                          <td>
                            <TriageMark state={triage.state} />
                            {triage.suppressedBy === null ? null : <HiddenMark />}
                          </td>
                        </tr>
                      ),
                    )}
                  </tbody>
                </table>
              )}
            </>
          )
        }}
      </Show>
    </section>
  )
}

import { Link } from '@tanstack/react-router'
import { Instant } from '../../shared/instant.tsx'
import { StateMark } from '../../shared/marks.tsx'
import { counted, shortHash } from '../../shared/short.ts'
import { answerWord, recordWord } from '../decisions/decision-words.ts'
import type { FullFinding } from './documents.ts'

/** What policy decision points said of the call. That none is recorded is not that none was asked. */
export function PolicyDecisions({
  action,
}: {
  readonly action: Pick<NonNullable<FullFinding['action']>, 'decisions' | 'decisionRecords'>
}) {
  const { decisions, decisionRecords } = action
  const named = decisions.length - decisionRecords.length
  return (
    <>
      {decisionRecords.map(({ id, answer, at, issuer, policyHash, signature, verdict }) => (
        <div key={id} className="policy-decision">
          <div className="row">
            <StateMark word={answerWord(answer)} />
            <StateMark word={recordWord(signature, verdict)} />
            <Instant at={at} />
            <Link to="/decisions" search={{ decision: id }}>
              The whole record
            </Link>
          </div>
          <p className="dim">
            {issuer ?? 'a decision point that is not named'}
            {policyHash === null ? '' : `, policy ${shortHash(policyHash)}`}
          </p>
        </div>
      ))}
      {named > 0 ? (
        <p className="dim">
          {counted(named, 'more record')} named by the call, not received or not listed here.
        </p>
      ) : null}
      {decisions.length === 0 ? (
        <p className="dim">
          No decision on this call is recorded. Whether one was made is not known.
        </p>
      ) : null}
    </>
  )
}

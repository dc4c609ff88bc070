import { Link } from '@tanstack/react-router'
import { Instant } from '../../../shared/instant.tsx'
import { StateMark } from '../../../shared/marks.tsx'
import { RawJson } from '../../../shared/raw-json.tsx'
import { shortHash, toolName } from '../../../shared/short.ts'
import {
  answerWord,
  errorText,
  milliseconds,
  policyWord,
  recordWord,
} from '../../decisions/decision-words.ts'
import type { ChainAction, ChainDecision } from '../documents.ts'

/** What a decision point said before a call; all of it is a screen of its own. */
export function DecisionDetails({
  decision,
  action,
}: {
  readonly decision: ChainDecision
  readonly action: ChainAction
}) {
  return (
    <>
      <h2>A decision on {toolName(action.tool)}</h2>
      <DecisionPairs decision={decision} />
      <RawJson name={`decision-${decision.id}`} value={decision} />
    </>
  )
}

export function DecisionPairs({ decision }: { readonly decision: ChainDecision }) {
  const { id, answer, at, issuer, policyHash, signature, verdict, evaluation } = decision
  return (
    <dl className="pairs">
      <dt>answer</dt>
      <dd>
        <StateMark word={answerWord(answer)} />
      </dd>
      <dt>at</dt>
      <dd>
        <Instant at={at} />
      </dd>
      <dt>by</dt>
      <dd className="mono">{issuer ?? 'a decision point that is not named'}</dd>
      <dt>the policy said</dt>
      <dd>
        <StateMark word={policyWord(evaluation)} />
        {evaluation === null ? null : (
          <span className="dim">
            {' '}
            {evaluation.policies.join(', ') || 'no policy'}
            {evaluation.latency === null ? '' : `, in ${milliseconds(evaluation.latency)}`}
          </span>
        )}
        {evaluation?.errors.map((error) => (
          <div key={`${error.code} ${error.policy}`} className="is-problem">
            {errorText(error)}
          </div>
        ))}
      </dd>
      <dt>policy set</dt>
      <dd className="mono">{policyHash === null ? 'not named' : shortHash(policyHash)}</dd>
      <dt>the record</dt>
      <dd>
        <StateMark word={recordWord(signature, verdict)} />{' '}
        <Link to="/decisions" search={{ decision: id }}>
          all of it
        </Link>
      </dd>
    </dl>
  )
}

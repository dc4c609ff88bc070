import { Link } from '@tanstack/react-router'
import { GRADE_NAMES, type GradeName, gradeOf } from '../../../shared/grades.ts'
import { GradeMark } from '../../../shared/marks.tsx'
import { OpenNumber } from '../../../shared/open-number.tsx'
import { atLeast, counted } from '../../../shared/short.ts'
import type { Evidence } from './documents.ts'

/** How much of what was done a signature shows. */
export function EvidenceShare({
  evidence,
  shown,
  show,
}: {
  readonly evidence: Evidence
  /** Which actions are listed. */
  readonly shown: GradeName | undefined
  readonly show: (shown: GradeName) => void
}) {
  const all = GRADE_NAMES.map((name) => evidence[name])
  const total = all.reduce((sum, { value }) => sum + value, 0)
  const unsigned = evidence.asserted.value + evidence.observed.value
  const isWhole = all.every(({ approximate }) => !approximate)
  if (total === 0) return <p className="dim">No action was seen in this time.</p>
  return (
    <>
      <p>
        {isWhole ? (
          <>
            <b>{Math.round((unsigned / total) * 100)} %</b> of {counted(total, 'action')} have no
            signature that shows them ({unsigned.toLocaleString('en-GB')}).
          </>
        ) : (
          'There are more actions than are counted: the share is not known.'
        )}{' '}
        <Link to="/explore">Which agents?</Link>
      </p>
      <dl className="pairs">
        {GRADE_NAMES.map((name) => (
          <div key={name} className="share-line">
            <dt>
              <GradeMark grade={gradeOf(name)} />
            </dt>
            <dd>
              {isWhole ? (
                <meter min={0} max={total} value={evidence[name].value} aria-label={name} />
              ) : null}{' '}
              <OpenNumber
                count={evidence[name].value}
                text={atLeast(evidence[name])}
                name={name}
                isOpen={shown === name}
                toggle={() => show(name)}
              />
            </dd>
          </div>
        ))}
      </dl>
    </>
  )
}

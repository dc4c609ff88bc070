import { Link } from '@tanstack/react-router'
import { GradeMark } from '../../../shared/marks.tsx'
import { atLeast, counted } from '../../../shared/short.ts'
import type { Evidence } from './documents.ts'

const GRADES = [
  ['proven', 'PROVEN'],
  ['signed', 'SIGNED'],
  ['asserted', 'ASSERTED'],
  ['observed', 'OBSERVED'],
] as const

type Shown = (typeof GRADES)[number][0]

/** How much of what was done a signature shows. */
export function EvidenceShare({
  evidence,
  shown,
  show,
}: {
  readonly evidence: Evidence
  /** Which actions are listed. */
  readonly shown: Shown | undefined
  readonly show: (shown: Shown) => void
}) {
  const all = GRADES.map(([name]) => evidence[name])
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
        {GRADES.map(([name, grade]) => (
          <div key={name} className="share-line">
            <dt>
              <GradeMark grade={grade} />
            </dt>
            <dd>
              {isWhole ? (
                <meter min={0} max={total} value={evidence[name].value} aria-label={name} />
              ) : null}{' '}
              {evidence[name].value === 0 ? (
                0
              ) : (
                <button
                  type="button"
                  className="text-button"
                  aria-label={`${atLeast(evidence[name])} ${name}: show them`}
                  aria-pressed={shown === name}
                  onClick={() => show(name)}
                >
                  {atLeast(evidence[name])}
                </button>
              )}
            </dd>
          </div>
        ))}
      </dl>
    </>
  )
}

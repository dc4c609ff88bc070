import { Link } from '@tanstack/react-router'
import { useEffect } from 'react'
import { useAsk } from '../../api/ask.ts'
import { StateMark } from '../../shared/marks.tsx'
import { counted } from '../../shared/short.ts'
import { duration } from '../../shared/time.ts'
import { PULSE } from './documents.ts'
import { lagWord, perSecond, unsignedShare } from './pulse-words.ts'

/** Milliseconds between two questions. */
const EVERY = 5_000

/** What goes through the collector now: it is asked anew while the page is looked at and not paused. */
export function PulseBar({ isPaused }: { readonly isPaused: boolean }) {
  const asked = useAsk(PULSE, {})
  const again = asked.state === 'answered' || asked.state === 'failed' ? asked.again : undefined
  useEffect(() => {
    if (isPaused || again === undefined) return
    const timer = setInterval(() => document.visibilityState === 'visible' && again(), EVERY)
    return () => clearInterval(timer)
  }, [isPaused, again])
  if (asked.state === 'loading') return null
  if (asked.state !== 'answered')
    return (
      <p className="pulse dim" role="status">
        How much goes through is not known: {asked.message}
      </p>
    )
  const { pulse } = asked.data
  if (pulse === null) return null
  const { seconds, linksVerified, linksFailed, lagRecords, lagSeconds, evidence } = pulse
  const share = unsignedShare(evidence)
  return (
    <dl className="pulse" aria-label="What goes through">
      <div>
        <dt>links verified</dt>
        <dd title={`${counted(linksVerified, 'link')} in the last ${seconds} seconds`}>
          <b>{perSecond(linksVerified, seconds)}</b> a second
          {linksFailed === 0 ? null : (
            <StateMark word={{ text: `${linksFailed} do not hold`, tone: 'bad' }} />
          )}
        </dd>
      </div>
      <div>
        <dt>lag</dt>
        <dd>
          <StateMark word={lagWord(lagRecords)} />
          {lagRecords === 0 ? null : <span>the oldest for {duration(lagSeconds * 1_000)}</span>}
        </dd>
      </div>
      <div>
        <dt>unsigned, of the last 15 minutes</dt>
        <dd>
          {share.kind === 'known' ? (
            <>
              <b>{share.percent} %</b> of {counted(share.of, 'action')}
            </>
          ) : (
            <span className="dim">
              {share.kind === 'none'
                ? 'no action was seen'
                : `not known: ${counted(share.atLeast, 'action')} and more, too many to count`}
            </span>
          )}{' '}
          <Link to="/explore">which agents?</Link>
        </dd>
      </div>
    </dl>
  )
}

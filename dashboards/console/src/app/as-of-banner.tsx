import { Icon } from '../shared/icon.tsx'
import { dayTime, fullTime } from '../shared/time.ts'
import { useAsOf } from './as-of.ts'
import { BackToNow } from './as-of-picker.tsx'

/** Stands over every screen that shows the past, so that nobody takes it for now. */
export function AsOfBanner() {
  const asOf = useAsOf()
  if (asOf === undefined) return null
  return (
    <div className="as-of-banner" role="status">
      <Icon name="clock" />
      <span title={fullTime(asOf.knownAt)}>
        You are looking at <b>{dayTime(asOf.knownAt)}</b>, read only: what was known by then.
      </span>
      <BackToNow />
    </div>
  )
}

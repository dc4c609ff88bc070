import { Button } from '@mantine/core'
import { useNavigate } from '@tanstack/react-router'
import { Icon } from '../shared/icon.tsx'
import { dayTime, fullTime } from '../shared/time.ts'
import { type AsOf, useAgainst, useAsOf } from './as-of.ts'
import { BackToNow } from './as-of-picker.tsx'

/** Stands over every screen that shows the past, so that nobody takes it for now. */
export function AsOfBanner() {
  const asOf = useAsOf()
  const against = useAgainst()
  const navigate = useNavigate()
  if (asOf === undefined && against === undefined) return null
  return (
    <div className="as-of-banner" role="status">
      <Icon name="clock" />
      {against === undefined ? (
        <span>
          You are looking at <At asOf={asOf} />, read only: what was known by then.
        </span>
      ) : (
        <span>
          You are comparing <At asOf={asOf} /> with <At asOf={against} />, read only: from the
          earlier to the later.
        </span>
      )}
      {against === undefined ? null : (
        <Button
          size="xs"
          variant="default"
          onClick={() =>
            void navigate({ to: '.', search: (before) => ({ ...before, against: undefined }) })
          }
        >
          Stop comparing
        </Button>
      )}
      <BackToNow />
    </div>
  )
}

function At({ asOf }: { readonly asOf: AsOf | undefined }) {
  if (asOf === undefined) return <b>now</b>
  return <b title={fullTime(asOf.knownAt)}>{dayTime(asOf.knownAt)}</b>
}

import { dayTime, fullTime } from './time.ts'

/** A time in the reader's clock, with zone and year on hovering, and exact for machines. */
export function Instant({ at }: { readonly at: string | null | undefined }) {
  if (at == null) return <span className="dim">not known</span>
  return (
    <time dateTime={at} title={fullTime(at)} className="instant">
      {dayTime(at)}
    </time>
  )
}

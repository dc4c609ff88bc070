import { TextInput } from '@mantine/core'

const DAY = 86_400_000
/** The longest that the API takes is 366 days from now; the end of a day is up to one later. */
const FURTHEST = 365

/** Until the end of a day of the reader's clock. */
export function DayField({
  label,
  value,
  change,
}: {
  readonly label: string
  /** `2026-11-22`. */
  readonly value: string
  readonly change: (day: string) => void
}) {
  return (
    <TextInput
      type="date"
      size="xs"
      label={label}
      min={dayIn(0)}
      max={dayIn(FURTHEST)}
      value={value}
      required
      withAsterisk={false}
      onChange={(event) => change(event.currentTarget.value)}
    />
  )
}

/** The day that is so many days away, as the field has it. */
export function dayIn(days: number): string {
  const at = new Date(Date.now() + days * DAY)
  const two = (n: number): string => String(n).padStart(2, '0')
  return `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}`
}

/** Its last second as an instant; undefined for what is no day. */
export function endOfDay(day: string): string | undefined {
  const at = new Date(`${day}T23:59:59`)
  return Number.isNaN(at.getTime()) ? undefined : at.toISOString()
}

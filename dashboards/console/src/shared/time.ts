/** `2 m 41 s`, `0.3 s`, `3 h 5 m`, `2 d 4 h`: two units at most. */
export function duration(milliseconds: number): string {
  const seconds = Math.abs(milliseconds) / 1_000
  if (seconds < 10) return `${Math.round(seconds * 10) / 10} s`
  if (seconds < 60) return `${Math.round(seconds)} s`
  const whole = Math.round(seconds)
  const units = [
    ['d', 86_400],
    ['h', 3_600],
    ['m', 60],
    ['s', 1],
  ] as const
  const first = units.findIndex(([, size]) => whole >= size)
  let rest = whole
  return units
    .slice(first, first + 2)
    .map(([name, size]) => {
      const count = Math.floor(rest / size)
      rest -= count * size
      return count === 0 ? '' : `${count} ${name}`
    })
    .filter((part) => part !== '')
    .join(' ')
}

const TIME = new Intl.DateTimeFormat('en-GB', {
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
})
const DAY = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short' })
const UTC_DAY = new Intl.DateTimeFormat('en-GB', {
  day: 'numeric',
  month: 'short',
  timeZone: 'UTC',
})
const FULL = new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium', timeStyle: 'long' })

/** `10:04:52`, the reader's clock. */
export function clockTime(instant: string): string {
  return TIME.format(new Date(instant))
}

/** `24 Nov 10:04:52`. */
export function dayTime(instant: string): string {
  const date = new Date(instant)
  return `${DAY.format(date)} ${TIME.format(date)}`
}

/** `24 Nov`, of the day in UTC: days are counted there. */
export function dayName(instant: string): string {
  return UTC_DAY.format(new Date(instant))
}

/** With year and zone, as a tooltip gives it. */
export function fullTime(instant: string): string {
  return FULL.format(new Date(instant))
}

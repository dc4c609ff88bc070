const DAY = 86_400_000
/** After this time a daily run is missed: a day, and time for the run itself and for a restart. */
export const OVERDUE = 2 * DAY

/** A time of the day in UTC: `03:30`. */
export const TIME_OF_DAY = /^([01]\d|2[0-3]):[0-5]\d$/

/** The first time after an instant at which it is this time of the day, in UTC; epoch milliseconds. */
export function nextAt(timeOfDay: string, after: number): number {
  const [hours = 0, minutes = 0] = timeOfDay.split(':').map(Number)
  const midnight = Math.floor(after / DAY) * DAY
  const today = midnight + (hours * 60 + minutes) * 60_000
  return today > after ? today : today + DAY
}

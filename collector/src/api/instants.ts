/** The greatest distance from 1970 that a `Date` can express, in milliseconds. */
const FURTHEST = 8.64e15

/** An instant from epoch milliseconds; undefined where there is none or no date can hold it. */
export function fromMilliseconds(value: number | undefined): Date | undefined {
  return value === undefined || !(Math.abs(value) <= FURTHEST) ? undefined : new Date(value)
}

/** An instant from a NumericDate (RFC 7519 section 2), seconds, as signed texts carry it. */
export function fromNumericDate(value: number | undefined): Date | undefined {
  return value === undefined ? undefined : fromMilliseconds(value * 1000)
}

const ISO_8601 =
  /^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])T([01]\d|2[0-3]):[0-5]\d:[0-5]\d(\.\d{1,9})?(Z|[+-]([01]\d|2[0-3]):[0-5]\d)$/

/** Epoch milliseconds of an ISO 8601 instant with its offset; undefined for anything else. */
export function parseInstant(text: unknown): number | undefined {
  if (typeof text !== 'string' || text.length > 40 || !ISO_8601.test(text)) return undefined
  const value = Date.parse(text)
  if (Number.isNaN(value)) return undefined
  // Date.parse rolls 30 February over into March.
  const day = Date.parse(`${text.slice(0, 10)}T00:00:00Z`)
  return new Date(day).toISOString().startsWith(text.slice(0, 10)) ? value : undefined
}

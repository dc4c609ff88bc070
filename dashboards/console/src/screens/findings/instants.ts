const AGO = /^([1-9]\d{0,2})([hd])$/
const UNITS = { h: ['hour', 3_600_000], d: ['day', 86_400_000] } as const

/** Epoch milliseconds of an instant in a URL: a date of any notation, or how long before now (`24h`, `7d`). */
export function instantIn(text: string, now: number): number | undefined {
  const ago = agoIn(text)
  if (ago !== undefined) return now - ago.count * ago.milliseconds
  const at = Date.parse(text)
  return Number.isFinite(at) ? at : undefined
}

/** `in the last 24 hours`, or `from` the date as it is. */
export function sayInstant(text: string): string {
  const ago = agoIn(text)
  if (ago === undefined) return `from ${text}`
  return `in the last ${ago.count === 1 ? ago.unit : `${ago.count} ${ago.unit}s`}`
}

function agoIn(text: string) {
  const [, count, letter] = AGO.exec(text) ?? []
  if (letter !== 'h' && letter !== 'd') return undefined
  const [unit, milliseconds] = UNITS[letter]
  return { count: Number(count), unit, milliseconds }
}

/** A share with its 95 % Wilson interval; `value` is null where there was nothing to count. */
export interface Ratio {
  readonly value: number | null
  readonly low: number
  readonly high: number
  readonly n: number
}

const Z = 1.959963984540054

/** Wilson, "Probable inference" (1927): stays inside 0 to 1, also for few cases. */
export function ratio(hits: number, n: number): Ratio {
  if (n === 0) return { value: null, low: 0, high: 1, n }
  const p = hits / n
  const denominator = 1 + Z ** 2 / n
  const centre = p + Z ** 2 / (2 * n)
  const spread = Z * Math.sqrt((p * (1 - p)) / n + Z ** 2 / (4 * n ** 2))
  return {
    value: p,
    low: Math.max(0, (centre - spread) / denominator),
    high: Math.min(1, (centre + spread) / denominator),
    n,
  }
}

/** The same of a thousand. */
export function perThousand(hits: number, n: number): Ratio {
  const { value, low, high } = ratio(hits, n)
  return { value: value === null ? null : value * 1000, low: low * 1000, high: high * 1000, n }
}

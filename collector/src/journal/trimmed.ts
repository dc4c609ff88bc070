/** Sequence numbers that are trimmed: what retention records name, in ranges. */
export class Trimmed {
  #ranges: (readonly [from: number, to: number])[] = []

  /**
   * Takes in what a retention record names; one that cannot be read names nothing, and none names itself
   * or what comes behind it.
   */
  add({ payload, seq }: { readonly payload: Uint8Array; readonly seq: number }): void {
    const own = bodiesOf(payload).filter(([, to]) => to < seq)
    const all = [...this.#ranges, ...own].sort((a, b) => a[0] - b[0])
    const merged: [number, number][] = []
    for (const [from, to] of all) {
      const last = merged.at(-1)
      if (last !== undefined && from <= last[1] + 1) last[1] = Math.max(last[1], to)
      else merged.push([from, to])
    }
    this.#ranges = merged
  }

  has(seq: number): boolean {
    return this.touches(seq, seq)
  }

  /** Whether any number from the one to the other is trimmed. */
  touches(first: number, last: number): boolean {
    let low = 0
    let high = this.#ranges.length - 1
    while (low <= high) {
      const middle = (low + high) >> 1
      const [from, to] = this.#ranges[middle] ?? [0, 0]
      if (last < from) high = middle - 1
      else if (first > to) low = middle + 1
      else return true
    }
    return false
  }
}

function bodiesOf(payload: Uint8Array): [number, number][] {
  try {
    const { bodies } = JSON.parse(Buffer.from(payload).toString('utf8')) as { bodies?: unknown }
    return Array.isArray(bodies) ? bodies.filter(isRange) : []
  } catch {
    return []
  }
}

function isRange(value: unknown): value is [number, number] {
  return (
    Array.isArray(value) &&
    value.length === 2 &&
    value.every((one) => Number.isSafeInteger(one) && one > 0) &&
    value[0] <= value[1]
  )
}

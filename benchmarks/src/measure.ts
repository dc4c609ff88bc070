/** What a benchmark found: its ratio to a named reference of the same run, and the figures behind it. */
export interface Measured {
  readonly name: string
  readonly unit: string
  readonly reference: string
  readonly results: readonly Result[]
  readonly notes: readonly string[]
}

export interface Result {
  readonly case: string
  /** Operations per CPU-second, median of the rounds. */
  readonly rate: number
  readonly referenceRate: number
  readonly ratio: number
}

export interface Contender {
  readonly name: string
  /** Does some work and gives how many operations it was. */
  run(): number | Promise<number>
}

/** Operations per CPU-second of this process, each contender in turn, median over the rounds. */
export async function cpuRates(
  contenders: readonly Contender[],
  rounds: number,
): Promise<Map<string, number>> {
  const rates = new Map<string, number[]>()
  // Twice: the first run is compiled while it runs, and the second still settles.
  for (const contender of [...contenders, ...contenders]) await contender.run()
  for (let round = 0; round < rounds; round += 1) {
    // Another first one in each round, so that nobody always comes after a warm-up.
    const order = [
      ...contenders.slice(round % contenders.length),
      ...contenders.slice(0, round % contenders.length),
    ]
    for (const contender of order) {
      const before = process.cpuUsage()
      const operations = await contender.run()
      const { user, system } = process.cpuUsage(before)
      const list = rates.get(contender.name) ?? []
      list.push(operations / ((user + system) / 1e6))
      rates.set(contender.name, list)
    }
  }
  return new Map([...rates].map(([name, list]) => [name, median(list)]))
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN
}

export function ratio(rate: number, reference: number): number {
  return Math.round((rate / reference) * 1000) / 1000
}

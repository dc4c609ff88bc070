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
  /** Where the cases have different ones. */
  readonly reference?: string
  /** Operations per CPU-second, median of the rounds. */
  readonly rate: number
  readonly referenceRate: number
  /** Where both were measured in every round: the median of the ratios of the rounds. */
  readonly ratio: number
  /** The smallest and the largest ratio of a round. */
  readonly spread?: readonly [number, number]
  /** The best round of the one to the best round of the other: what a busy machine disturbs least. */
  readonly best?: number
  readonly rounds?: number
}

export type Contender = {
  readonly name: string
} & (
  | {
      /** Does some work in this process and gives how many operations it was. */
      run(): number | Promise<number>
    }
  | {
      /** Operations per CPU-second of another process, by its own account. */
      rate(): number
    }
)

/** Operations per CPU-second of this process, each contender in turn, median over the rounds. */
export async function cpuRates(
  contenders: readonly Contender[],
  rounds: number,
): Promise<Map<string, number>> {
  const rates = await roundRates(contenders, rounds)
  return new Map([...rates].map(([name, list]) => [name, median(list)]))
}

/** Operations per CPU-second of each contender in each round; user and system time, all threads. */
export async function roundRates(
  contenders: readonly Contender[],
  rounds: number,
): Promise<Map<string, readonly number[]>> {
  const rates = new Map<string, number[]>(contenders.map(({ name }) => [name, []]))
  // Twice: the first run is compiled while it runs, and the second still settles.
  for (const contender of [...contenders, ...contenders])
    if ('run' in contender) await contender.run()
  for (let round = 0; round < rounds; round += 1)
    for (const contender of shuffled(contenders))
      rates.get(contender.name)?.push(await rateOf(contender))
  return rates
}

/** What a contender and the reference around it gave, round by round. */
export interface Framed {
  readonly rates: readonly number[]
  readonly references: readonly number[]
}

/**
 * Each contender in each round with the reference run directly before and directly after it: on a
 * machine whose speed changes from one second to the next, only neighbours can be compared. The
 * reference of a round is the mean of the two.
 */
export async function framedRates(
  contenders: readonly Contender[],
  reference: Contender,
  rounds: number,
): Promise<Map<string, Framed>> {
  const found = new Map(
    contenders.map(({ name }) => [name, { rates: [], references: [] } as Series]),
  )
  for (const contender of [...contenders, ...contenders])
    if ('run' in contender) await contender.run()
  for (let round = 0; round < rounds; round += 1) {
    let before = await rateOf(reference)
    for (const contender of shuffled(contenders)) {
      const rate = await rateOf(contender)
      const after = await rateOf(reference)
      found.get(contender.name)?.rates.push(rate)
      found.get(contender.name)?.references.push((before + after) / 2)
      before = after
    }
  }
  return found
}

interface Series extends Framed {
  readonly rates: number[]
  readonly references: number[]
}

async function rateOf(contender: Contender): Promise<number> {
  if ('rate' in contender) return contender.rate()
  const before = process.cpuUsage()
  const operations = await contender.run()
  const { user, system } = process.cpuUsage(before)
  return operations / ((user + system) / 1e6)
}

/** Another order in each round, so that nobody always comes after a warm-up or a busy neighbour. */
function shuffled<Item>(items: readonly Item[]): Item[] {
  return items
    .map((item) => ({ item, at: Math.random() }))
    .sort((a, b) => a.at - b.at)
    .map(({ item }) => item)
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN
}

export function ratio(rate: number, reference: number): number {
  return Math.round((rate / reference) * 1000) / 1000
}

/** The ratios of each round, then their median: what slows both sides in a round cancels out. */
export function pairedRatio(
  rates: readonly number[],
  references: readonly number[],
): Pick<Result, 'ratio' | 'spread' | 'best'> {
  const ratios = rates.map((rate, round) => ratio(rate, references[round] ?? Number.NaN))
  return {
    ratio: median(ratios),
    spread: [Math.min(...ratios), Math.max(...ratios)],
    best: ratio(Math.max(...rates), Math.max(...references)),
  }
}

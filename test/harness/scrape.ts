/** One line of a scrape: the name of the series, its labels, its value. */
export interface Sample {
  readonly name: string
  readonly labels: Readonly<Record<string, string>>
  readonly value: number
}

/** The samples of a page in Prometheus text format 0.0.4. */
export function samplesOf(page: string): Sample[] {
  return page
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'))
    .map((line) => {
      const [, name, labels = '', value] =
        /^([A-Za-z_:][\w:]*)(?:\{(.*)\})? (\S+)$/.exec(line) ?? []
      if (name === undefined || value === undefined) throw new Error(`no sample: ${line}`)
      const pairs = [...labels.matchAll(/(\w+)="((?:[^"\\]|\\.)*)"/g)]
      return {
        name,
        labels: Object.fromEntries(pairs.map(([, key = '', text = '']) => [key, text])),
        value: value === '+Inf' ? Number.POSITIVE_INFINITY : Number(value),
      }
    })
}

/** `delegraph_ingest_requests_total counter {status}`: every series with its type and label names. */
export function seriesOf(page: string): string[] {
  const types = new Map(
    [...page.matchAll(/^# TYPE (\S+) (\S+)$/gm)].map(([, name = '', type = '']) => [name, type]),
  )
  const labels = new Map<string, Set<string>>()
  for (const sample of samplesOf(page)) {
    const family = types.has(sample.name)
      ? sample.name
      : sample.name.replace(/_(bucket|sum|count)$/, '')
    const known = labels.get(family) ?? new Set()
    for (const name of Object.keys(sample.labels)) if (name !== 'le') known.add(name)
    labels.set(family, known)
  }
  return [...labels]
    .map(([name, names]) => `${name} ${types.get(name)} {${[...names].sort().join(', ')}}`)
    .sort()
}

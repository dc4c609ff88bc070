/** A family of series: what is said of it, and its samples. */
interface Family {
  readonly about: readonly string[]
  readonly samples: string[]
}

/**
 * One page of several in Prometheus text format 0.0.4, each sample with the label `tenant`. Names come
 * once, as the format demands; who the tenants are is bounded by the configuration.
 *
 * @param shared what is of no tenant, as it is
 */
export function mergedPage(shared: string, pages: ReadonlyMap<string, string>): string {
  const families = new Map<string, Family>()
  const take = (page: string, label: string | undefined): void => {
    let about: string[] = []
    let family: Family = { about: [], samples: [] }
    for (const line of page.split('\n')) {
      const [, word, name = ''] = /^# (HELP|TYPE) (\S+)/.exec(line) ?? []
      if (word === 'HELP') about = [line]
      else if (word === 'TYPE') {
        family = families.get(name) ?? { about: [...about, line], samples: [] }
        families.set(name, family)
        about = []
      } else if (line !== '' && !line.startsWith('#')) {
        family.samples.push(label === undefined ? line : labelled(line, label))
      }
    }
  }
  take(shared, undefined)
  for (const [tenant, page] of pages) take(page, `tenant="${tenant}"`)
  const all = [...families.values()]
  return all
    .flatMap(({ about, samples }) => [...about, ...samples])
    .join('\n')
    .concat('\n')
}

/** The name of a tenant has nothing that would have to be escaped. */
function labelled(sample: string, label: string): string {
  const [, name = '', rest = ''] = /^([A-Za-z_:][\w:]*)(.*)$/.exec(sample) ?? []
  return rest.startsWith('{') ? `${name}{${label},${rest.slice(1)}` : `${name}{${label}}${rest}`
}

/** The part of a URL behind `?`: a name with one text, or with several where it is repeated. */
export type RawSearch = Readonly<Record<string, unknown>>

/** `?rule=D1&rule=D2&order=severity` as an object; readable in a chat, and no JSON in it. */
export function parseSearch(text: string): Record<string, string | string[]> {
  const search: Record<string, string | string[]> = {}
  for (const [name, value] of new URLSearchParams(text)) {
    const before = Object.hasOwn(search, name) ? search[name] : undefined
    if (before === undefined) search[name] = value
    else search[name] = Array.isArray(before) ? [...before, value] : [before, value]
  }
  return search
}

/** The reverse. What is undefined, false or an empty list is left out. */
export function stringifySearch(search: RawSearch): string {
  const params = new URLSearchParams()
  for (const [name, value] of Object.entries(search)) {
    if (value === undefined || value === null || value === false) continue
    for (const one of Array.isArray(value) ? value : [value]) params.append(name, String(one))
  }
  const text = params.toString()
  return text === '' ? '' : `?${text}`
}

/** The values of a name that are allowed, each once. */
export function listOf<T extends string>(
  search: RawSearch,
  name: string,
  allowed?: readonly T[],
): T[] {
  const value = search[name]
  const all = (Array.isArray(value) ? value : [value]).filter(
    (one): one is T => typeof one === 'string' && one !== '',
  )
  return [...new Set(all)].filter((one) => allowed?.includes(one) ?? true).slice(0, MAX_VALUES)
}

/** The value of a name, where it is an allowed one. */
export function oneOf<T extends string>(
  search: RawSearch,
  name: string,
  allowed?: readonly T[],
): T | undefined {
  return listOf<T>(search, name, allowed)[0]
}

/** An instant, of any notation that a browser reads, as ISO 8601 in UTC. */
export function instantIn(search: RawSearch, name: string): string | undefined {
  const text = oneOf(search, name)
  const at = text === undefined ? Number.NaN : Date.parse(text)
  return Number.isFinite(at) ? new Date(at).toISOString() : undefined
}

/** A URL is text of a stranger too. */
const MAX_VALUES = 200

/**
 * How long an answer says that it stays fresh, in seconds: `max-age` of `Cache-Control`, 0 for
 * `no-store` and `no-cache`, undefined where it does not say. RFC 9111, 5.2.2. `Expires` is not read.
 */
export function cacheAge(cacheControl: string | undefined): number | undefined {
  const directives = (cacheControl ?? '').split(',').map((part) => part.trim().toLowerCase())
  if (directives.includes('no-store') || directives.includes('no-cache')) return 0
  for (const directive of directives) {
    const seconds = /^max-age="?(\d{1,10})"?$/.exec(directive)?.[1]
    if (seconds !== undefined) return Number(seconds)
  }
  return undefined
}

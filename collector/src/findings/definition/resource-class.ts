/**
 * What kind of resource one is of: the same but for its last segment, which is mostly a number or a name of one
 * of many, and without what is asked of it. `db://prod/customers/42` is of `db://prod/customers/*`; what has no
 * segments is of its own class.
 */
export function resourceClass(resource: string): string {
  const asked = resource.search(/[?#]/)
  let end = asked === -1 ? resource.length : asked
  while (resource[end - 1] === '/') end -= 1
  const trimmed = resource.slice(0, end)
  const authority = /^[a-z][a-z0-9+.-]*:\/\/[^/]*/i.exec(trimmed)?.[0].length ?? 0
  const last = trimmed.lastIndexOf('/')
  return last < authority || last <= 0 ? trimmed : `${trimmed.slice(0, last)}/*`
}

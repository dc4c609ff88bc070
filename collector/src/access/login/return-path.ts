/** Longer ones would not fit into a cookie. */
const LONGEST = 1_800

/**
 * The path that somebody is sent to after signing in: one of this console, or its first page. It is read as a
 * browser reads it, so `//evil.example`, `/\evil.example` and the like lead nowhere else.
 */
export function returnPath(
  asked: string | null,
  origin: string,
  isConsole: (path: string) => boolean,
): string {
  if (asked === null || !URL.canParse(asked, origin)) return '/'
  const { origin: of, pathname, search } = new URL(asked, origin)
  if (of !== origin || !isConsole(pathname)) return '/'
  return [`${pathname}${search}`, pathname].find(({ length }) => length <= LONGEST) ?? '/'
}

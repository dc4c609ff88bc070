const NAME = 'delegraph.token'

/**
 * The bearer token that somebody gave, where the collector asks who is there. It lives as long as the tab and
 * is sent to the collector that served this page and to nobody else.
 */
export function givenToken(): string | undefined {
  return sessionStorage.getItem(NAME) ?? undefined
}

/** Keeps it, or forgets it where it is empty. */
export function giveToken(token: string): void {
  if (token === '') sessionStorage.removeItem(NAME)
  else sessionStorage.setItem(NAME, token)
}

/** What each request says of who asks. */
export function authorization(): Record<string, string> {
  const token = givenToken()
  return token === undefined ? {} : { authorization: `Bearer ${token}` }
}

/** What a browser is given to keep. */
export interface Cookies {
  readonly session: Cookie
  readonly flow: Cookie
}

export interface Cookie {
  /** A `Set-Cookie` that gives it; gone with the browser where no seconds are said. */
  give(value: string, seconds?: number): string
  /** A `Set-Cookie` that takes it back. */
  readonly take: string
  /** Its value in a `Cookie` header; undefined where it is absent, or there twice. */
  read(header: string | undefined): string | undefined
}

/**
 * Over TLS under the prefix `__Host-` (draft-ietf-httpbis-rfc6265bis section 4.1.3): of this host alone and never sent
 * in the clear. No script reads them. The session's goes along with what pages of its own site send; the other one has to come back by
 * a redirect from the provider, so it goes along with such a navigation too.
 */
export function cookiesOf(publicUrl: string): Cookies {
  const isSecure = new URL(publicUrl).protocol === 'https:'
  const cookie = (name: string, sameSite: 'Strict' | 'Lax'): Cookie => {
    const full = isSecure ? `__Host-${name}` : name
    const give = (value: string, seconds?: number): string =>
      [
        `${full}=${value}`,
        'Path=/',
        'HttpOnly',
        `SameSite=${sameSite}`,
        ...(isSecure ? ['Secure'] : []),
        ...(seconds === undefined ? [] : [`Max-Age=${seconds}`]),
      ].join('; ')
    return {
      give,
      take: give('', 0),
      read(header = '') {
        const found = header
          .split(';')
          .map((pair) => pair.trim())
          .filter((pair) => pair.startsWith(`${full}=`))
        return found.length === 1 ? found[0]?.slice(full.length + 1) : undefined
      },
    }
  }
  return { session: cookie('delegraph-session', 'Strict'), flow: cookie('delegraph-login', 'Lax') }
}

/** Why something was not fetched. */
export type GuardedFetchErrorCode =
  /** Not https, or with a user name, or no URL at all. */
  | 'url_refused'
  /** The configuration does not name this host and port. */
  | 'host_refused'
  /** The host has only addresses that are not of the public Internet, and none was named. */
  | 'address_refused'
  | 'redirect_refused'
  /** Larger than allowed, before or after decompression. */
  | 'too_large'
  | 'timeout'
  /** Neither 200 nor, where it was asked for, 304. */
  | 'status_refused'
  /** A media type or a content coding that was not asked for. */
  | 'content_refused'
  /** Not resolved, not connected, not authenticated, or broken off. */
  | 'unreachable'

/** Says the host and the reason, and never what the host answered. */
export class GuardedFetchError extends Error {
  readonly code: GuardedFetchErrorCode

  constructor(code: GuardedFetchErrorCode, message: string, options?: ErrorOptions) {
    super(message, options)
    this.name = 'GuardedFetchError'
    this.code = code
  }
}

export function refusal(url: URL, code: GuardedFetchErrorCode, says: string): GuardedFetchError {
  return new GuardedFetchError(code, `${url.host} ${says}`)
}

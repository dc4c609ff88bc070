import { LIMITS, THIRD_PARTY_TYP } from '@delegraph/link'
import { type GuardedFetchOptions, guardedFetch } from '../fetch/guarded-fetch.ts'

/** Asks for a list; the text as it came. Throws where there is none. */
export type FetchStatusList = (address: string) => Promise<string>

/**
 * Asks over the guarded fetch: https, the host that the URI names and that an anchor lists, no redirect.
 * The hosts were checked by whoever asks, for a URI comes from a link.
 */
export function fetchStatusList(
  options: Pick<GuardedFetchOptions, 'allowAddresses' | 'ca'> = {},
): FetchStatusList {
  return async (address) => {
    const { body } = await guardedFetch(address, {
      ...options,
      hosts: [new URL(address).host],
      maxBytes: LIMITS.statusListSize,
      accept: [`application/${THIRD_PARTY_TYP.statusList}`],
    })
    return body.toString('latin1').trim()
  }
}

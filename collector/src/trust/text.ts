import { canonicalize, type Json, NO_TRUST, type Trust, withoutCompromised } from '@delegraph/link'

/** The trust of a journal record or an evidence node: written by `trustText`, keys and all. */
export function parseTrustText(text: string | undefined): Trust | undefined {
  if (text === undefined) return undefined
  try {
    return withoutCompromised({ ...NO_TRUST, ...(JSON.parse(text) as Trust) })
  } catch {
    return undefined
  }
}

/** One text for one trust, so that a change shows. */
export function trustText(trust: Trust): string {
  return canonicalize(trust as unknown as Json)
}

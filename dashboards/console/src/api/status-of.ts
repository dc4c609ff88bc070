import type { CombinedError } from '@urql/core'

/** The HTTP status of an answer that was an error; undefined where there was no answer. */
export function statusOf({ response }: CombinedError): number | undefined {
  return ((response ?? {}) as { readonly status?: number }).status
}

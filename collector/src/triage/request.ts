import { createHash } from 'node:crypto'
import { canonicalize } from '@delegraph/link'
import { z } from 'zod'

/**
 * A mutation as its sender names it, so that the same is applied once however often it comes. `id` is of the sender
 * and the key that he gave, and `digest` of what it says: SHA-256, base64url.
 */
export const REQUEST = z.strictObject({ id: z.string(), digest: z.string() })
export type Request = z.infer<typeof REQUEST>

/** Keys of two people are never the same; `undefined` values say nothing. */
export function requestOf(
  by: string,
  key: string,
  says: Readonly<Record<string, unknown>>,
): Request {
  return {
    id: digestOf(JSON.stringify([by, key])),
    digest: digestOf(canonicalize(JSON.parse(JSON.stringify(says)))),
  }
}

function digestOf(text: string): string {
  return createHash('sha256').update(text).digest('base64url')
}

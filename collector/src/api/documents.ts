import { createHash } from 'node:crypto'
import { z } from 'zod'
import { CollectorError } from '../errors.ts'
import { EXAMPLE, STREAM } from './landing.ts'

/** Documents that whoever may read may send; all others take more. */
export interface Documents {
  /** By its id: `sha256:` and the digest of the text, hexadecimal (GraphQL over HTTP, persisted documents). */
  textOf(id: string): string | undefined
  has(text: string): boolean
}

/** What ships with us: the examples, and what `collectorLinkStore` of the SDK asks. */
export const SHIPPED: readonly string[] = [
  EXAMPLE,
  STREAM,
  'query ($hashes: [ID!]!) { linkTexts(hashes: $hashes) { hash text } }',
]

const MANIFEST = z.record(z.string(), z.string())

/**
 * Reads a manifest, a JSON object of texts by id, beside what is shipped.
 *
 * @throws CollectorError `config_invalid` where an id is not the digest of its text
 */
export function openDocuments(manifest?: string): Documents {
  const known = new Map(SHIPPED.map((text) => [documentId(text), text]))
  for (const [id, text] of Object.entries(manifest === undefined ? {} : parse(manifest))) {
    if (documentId(text) !== id) throw invalid(`${id.slice(0, 80)} is not the digest of its text`)
    known.set(id, text)
  }
  return { textOf: (id) => known.get(id), has: (text) => known.has(documentId(text)) }
}

export function documentId(text: string): string {
  return `sha256:${createHash('sha256').update(text).digest('hex')}`
}

function parse(manifest: string): Readonly<Record<string, string>> {
  try {
    return MANIFEST.parse(JSON.parse(manifest))
  } catch {
    throw invalid('it is no JSON object of texts by id')
  }
}

function invalid(reason: string): CollectorError {
  return new CollectorError('config_invalid', `auth.trustedDocuments: ${reason}`)
}

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

/** A JSON object of texts by id, and what names it in an error. */
export interface Manifest {
  readonly name: string
  readonly json: string
}

/**
 * Reads manifests beside what is shipped.
 *
 * @throws CollectorError `config_invalid` where an id is not the digest of its text
 */
export function openDocuments(...manifests: readonly Manifest[]): Documents {
  const known = new Map(SHIPPED.map((text) => [documentId(text), text]))
  for (const { name, json } of manifests) {
    for (const [id, text] of Object.entries(parse(json, name))) {
      if (documentId(text) !== id) {
        throw invalid(name, `${id.slice(0, 80)} is not the digest of its text`)
      }
      known.set(id, text)
    }
  }
  return { textOf: (id) => known.get(id), has: (text) => known.has(documentId(text)) }
}

export function documentId(text: string): string {
  return `sha256:${createHash('sha256').update(text).digest('hex')}`
}

function parse(json: string, name: string): Readonly<Record<string, string>> {
  try {
    return MANIFEST.parse(JSON.parse(json))
  } catch {
    throw invalid(name, 'it is no JSON object of texts by id')
  }
}

function invalid(name: string, reason: string): CollectorError {
  return new CollectorError('config_invalid', `${name}: ${reason}`)
}

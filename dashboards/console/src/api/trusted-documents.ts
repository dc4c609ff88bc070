import { createHash } from 'node:crypto'
import { formatDocument, stringifyDocument } from '@urql/core'

/** The document that `graphql` makes of a text. */
interface Document {
  readonly kind: 'Document'
  readonly definitions: readonly { readonly kind: string }[]
}

/**
 * The documents that the console sends, by the ids that the API gives to documents (`sha256:` and the digest of the
 * text, hexadecimal): what a collector answers to whoever may only read. A query goes out with the `__typename`
 * fields that the client's cache adds, a subscription and a copied command without.
 */
export function trustedDocuments(modules: readonly object[]): Record<string, string> {
  const texts = modules
    .flatMap((module) => Object.values(module))
    .filter(isOperation)
    .flatMap((document) => [
      stringifyDocument(document),
      stringifyDocument(formatDocument(document)),
    ])
  return Object.fromEntries([...new Set(texts)].sort().map((text) => [idOf(text), text]))
}

function isOperation(value: unknown): value is Document & Parameters<typeof formatDocument>[0] {
  const { kind, definitions } = (value ?? {}) as Partial<Document>
  return (
    kind === 'Document' &&
    definitions?.some((definition) => definition.kind === 'OperationDefinition') === true
  )
}

function idOf(text: string): string {
  return `sha256:${createHash('sha256').update(text).digest('hex')}`
}

import { stringifyDocument, type TypedDocumentNode } from '@urql/core'

/** A question as a view asked it. */
export interface Question {
  readonly document: TypedDocumentNode<unknown, never>
  readonly variables: Readonly<Record<string, unknown>>
}

/** The document with its variables as a comment, to paste into any GraphQL client. */
export function asGraphql({ document, variables }: Question): string {
  return `${stringifyDocument(document)}\n\n# variables\n# ${JSON.stringify(variables)}\n`
}

/** One command that asks the same from a shell. */
export function asCurl({ document, variables }: Question, url: string, needsToken = false): string {
  const body = JSON.stringify({ query: stringifyDocument(document), variables })
  const quoted = body.replaceAll("'", String.raw`'\''`)
  // The token itself goes on no clipboard.
  const who = needsToken ? ' -H "authorization: Bearer $DELEGRAPH_TOKEN"' : ''
  return `curl -s ${url}${who} -H 'content-type: application/json' -d '${quoted}'`
}

import type { Plugin } from 'graphql-yoga'
import { may } from '../access/viewer.ts'
import type { Asking } from './asking.ts'
import { type Documents, documentId } from './documents.ts'
import { apiError } from './errors.ts'

/** Takes a document by its id, and one that nobody trusts only from whoever may send any. */
export function useDocuments(documents: Documents): Plugin<object, Asking> {
  return {
    onParams({ params, setParams, setResult, context }) {
      const { documentId: id, ...rest } = params as typeof params & { documentId?: unknown }
      if (id !== undefined && id !== null) {
        const text = typeof id === 'string' ? documents.textOf(id) : undefined
        if (text === undefined || typeof params.query === 'string') {
          const said = text === undefined ? 'no document has this id' : 'give documentId or query'
          // Thrown: a result that is set is passed over where no query comes with it.
          throw apiError('DOCUMENT_UNKNOWN', said, 400)
        }
        setParams({ ...rest, query: text })
        context.seen.document = documentId(text)
        return
      }
      if (typeof params.query !== 'string') return
      context.seen.document = documentId(params.query)
      if (may(context.viewer, 'analyst') || documents.has(params.query)) return
      const said = 'only trusted documents are answered; any query needs the role analyst'
      setResult({ errors: [apiError('FORBIDDEN', said, 403)] })
    },
  }
}

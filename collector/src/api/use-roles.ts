import { type DocumentNode, getOperationAST, Kind, type SelectionSetNode } from 'graphql'
import type { Plugin } from 'graphql-yoga'
import { may } from '../access/viewer.ts'
import type { Asking } from './asking.ts'
import { apiError } from './errors.ts'

/** What whoever sends evidence may ask for as well: a service looks links up by their hashes. */
const OF_INGEST: ReadonlySet<string> = new Set(['linkTexts', 'viewer', '__typename'])
/** What whoever is known may ask for, whatever he may: who he is. */
const OF_ALL: ReadonlySet<string> = new Set(['viewer', '__typename'])
const MAX_FIELDS = 30

/** Refuses to execute what whoever asks may not, and notes what was asked. */
export function useRoles(): Plugin {
  const refusal = (args: Args) => {
    const { contextValue, document, operationName } = args
    const operation = getOperationAST(document, operationName)
    if (operation === null || operation === undefined) return undefined
    const fields = rootFields(operation.selectionSet, document)
    const { viewer, seen } = contextValue as Asking
    seen.operation = operation.operation
    seen.fields = fields.slice(0, MAX_FIELDS)
    if (operation.name !== undefined) seen.name = operation.name.value.slice(0, 100)
    if (may(viewer, 'viewer') || fields.every((field) => OF_ALL.has(field))) return undefined
    if (may(viewer, 'ingest') && fields.every((field) => OF_INGEST.has(field))) return undefined
    return { errors: [apiError('FORBIDDEN', 'this needs the role viewer', 403)] }
  }
  return {
    onExecute({ args, setResultAndStopExecution }) {
      const refused = refusal(args)
      if (refused !== undefined) setResultAndStopExecution(refused)
    },
    onSubscribe({ args, setResultAndStopExecution }) {
      const refused = refusal(args)
      if (refused !== undefined) setResultAndStopExecution(refused)
    },
  }
}

interface Args {
  readonly document: DocumentNode
  readonly operationName?: string | null | undefined
  readonly contextValue?: unknown
}

/** Names of the fields at the top, whatever they are called in the answer. */
function rootFields(set: SelectionSetNode, document: DocumentNode): string[] {
  const names = new Set<string>()
  const walked = new Set<string>()
  const walk = ({ selections }: SelectionSetNode): void => {
    for (const selection of selections) {
      if (selection.kind === Kind.FIELD) names.add(selection.name.value)
      else if (selection.kind === Kind.INLINE_FRAGMENT) walk(selection.selectionSet)
      else if (!walked.has(selection.name.value)) {
        walked.add(selection.name.value)
        for (const definition of document.definitions) {
          if (definition.kind !== Kind.FRAGMENT_DEFINITION) continue
          if (definition.name.value === selection.name.value) walk(definition.selectionSet)
        }
      }
    }
  }
  walk(set)
  return [...names].sort()
}

import {
  type ASTVisitor,
  type FragmentDefinitionNode,
  GraphQLError,
  Kind,
  type SelectionSetNode,
  type ValidationContext,
} from 'graphql'

/** Enough for two connections within each other and a chain inside; a cycle of types has no end. */
export const MAX_DEPTH = 14

/**
 * Refuses a selection that is nested deeper than {@link MAX_DEPTH} fields. Introspection is left to
 * graphql-js, whose own rule bounds it.
 */
export function depthRule(context: ValidationContext): ASTVisitor {
  const known = new Map<string, number>()
  const ofFragment = (fragment: FragmentDefinitionNode | null | undefined): number => {
    if (fragment === null || fragment === undefined) return 0
    const depth = known.get(fragment.name.value)
    if (depth !== undefined) return depth
    // A cycle is another rule's error; here it only must not be followed.
    known.set(fragment.name.value, 0)
    const own = ofSelection(fragment.selectionSet)
    known.set(fragment.name.value, own)
    return own
  }
  const ofSelection = (set: SelectionSetNode): number =>
    Math.max(
      0,
      ...set.selections.map((selection) => {
        if (selection.kind === Kind.FRAGMENT_SPREAD) {
          return ofFragment(context.getFragment(selection.name.value))
        }
        if (selection.kind === Kind.INLINE_FRAGMENT) return ofSelection(selection.selectionSet)
        if (selection.name.value.startsWith('__')) return 1
        return 1 + (selection.selectionSet === undefined ? 0 : ofSelection(selection.selectionSet))
      }),
    )
  return {
    OperationDefinition(operation) {
      const depth = ofSelection(operation.selectionSet)
      if (depth <= MAX_DEPTH) return
      context.reportError(tooComplex(`${depth} fields deep, at most ${MAX_DEPTH} are allowed`))
    },
  }
}

/** Every limit answers alike: 400 and one code. */
export function tooComplex(what: string): GraphQLError {
  return new GraphQLError(`the query is too complex: ${what}`, {
    extensions: { code: 'QUERY_TOO_COMPLEX', http: { status: 400 } },
  })
}

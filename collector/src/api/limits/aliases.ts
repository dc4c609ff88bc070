import type { ASTVisitor, ValidationContext } from 'graphql'
import { tooComplex } from './depth.ts'

export const MAX_ALIASES = 30

/** Refuses a document that asks for the same over and over under other names. */
export function aliasRule(context: ValidationContext): ASTVisitor {
  let aliases = 0
  return {
    Field(field) {
      if (field.alias !== undefined) aliases += 1
    },
    Document: {
      leave() {
        if (aliases <= MAX_ALIASES) return
        context.reportError(tooComplex(`${aliases} aliases, at most ${MAX_ALIASES} are allowed`))
      },
    },
  }
}

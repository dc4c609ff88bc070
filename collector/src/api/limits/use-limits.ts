import { type GraphQLSchema, getOperationAST, getVariableValues, parse } from 'graphql'
import type { Plugin } from 'graphql-yoga'
import type { Asking } from '../asking.ts'
import { aliasRule } from './aliases.ts'
import { costOf, MAX_COST } from './cost.ts'
import { depthRule, tooComplex } from './depth.ts'
import { rateLimited } from './rate.ts'

export const MAX_TOKENS = 2_000

/** Bounds what one request may ask for, before anything is executed. */
export function useLimits(): Plugin {
  return {
    onParse({ setParseFn }) {
      setParseFn((source, options) => parse(source, { ...options, maxTokens: MAX_TOKENS }))
    },
    onValidate({ addValidationRule }) {
      addValidationRule(depthRule)
      addValidationRule(aliasRule)
    },
    onExecute({ args, setResultAndStopExecution }) {
      const refusal = overBudget(args)
      if (refusal !== undefined) setResultAndStopExecution({ errors: [refusal] })
    },
    onSubscribe({ args, setResultAndStopExecution }) {
      const refusal = overBudget(args)
      if (refusal !== undefined) setResultAndStopExecution({ errors: [refusal] })
    },
  }
}

interface Execution {
  readonly schema: GraphQLSchema
  readonly document: Parameters<typeof costOf>[1]
  readonly operationName?: string | null | undefined
  readonly contextValue?: unknown
  readonly variableValues?: Readonly<Record<string, unknown>> | null | undefined
}

function overBudget({ schema, document, operationName, variableValues, contextValue }: Execution) {
  const operation = getOperationAST(document, operationName)
  if (operation === null || operation === undefined) return undefined
  const coerced = getVariableValues(
    schema,
    operation.variableDefinitions ?? [],
    variableValues ?? {},
  )
  // Variables that do not fit their types are the executor's error to report.
  const variables = coerced.variableValues?.coerced ?? {}
  const cost = costOf(schema, document, operation, variables)
  if (cost > MAX_COST) {
    return tooComplex(`it may read ${cost} objects, at most ${MAX_COST} are allowed`)
  }
  const wait = (contextValue as Asking).spend(cost)
  return wait === undefined ? undefined : rateLimited(wait)
}

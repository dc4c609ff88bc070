import type { ExecutionResult } from 'graphql'
import type { Plugin } from 'graphql-yoga'

/**
 * Answers 400 to whatever was not executed, whichever media type is accepted. GraphQL over HTTP lets
 * a server say 200 there, and then a probe that looks at the status alone takes a refusal for an
 * answer.
 */
export function useStatusCodes(): Plugin {
  return {
    onResultProcess({ result, setResult }) {
      if (Array.isArray(result) || !isRefusal(result)) return
      const http = { status: statusOf(result) }
      setResult({ ...result, extensions: { ...result.extensions, http } })
    },
  }
}

function isRefusal(result: object): result is ExecutionResult {
  return 'errors' in result && !('data' in result)
}

function statusOf({ errors = [] }: ExecutionResult): number {
  const [first] = errors
  const { code, http } = (first?.extensions ?? {}) as {
    readonly code?: unknown
    readonly http?: { readonly status?: unknown }
  }
  if (code === 'INTERNAL_SERVER_ERROR') return 500
  const status = http?.status
  return typeof status === 'number' && status >= 400 ? status : 400
}

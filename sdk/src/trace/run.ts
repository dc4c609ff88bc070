import type { AsyncLocalStorage } from 'node:async_hooks'
import { type Context, context, isSpanContextValid, ROOT_CONTEXT, trace } from '@opentelemetry/api'
import type { SpanIds } from '../evidence/event.ts'
import type { State } from './state.ts'

/** Runs a function with a state of ours and OpenTelemetry's context side by side. */
export function runWith<Act, Result>(
  storage: AsyncLocalStorage<State<Act>>,
  state: State<Act>,
  run: () => Result,
): Result {
  const inside = (): Result => storage.run(state, run)
  return state.context === undefined ? inside() : context.with(state.context, inside)
}

/** The context to open a span in: OpenTelemetry's own, or ours where it has none. */
export function parentContext(state: State<unknown> | undefined): Context {
  const active = context.active()
  return active === ROOT_CONTEXT && state?.context !== undefined ? state.context : active
}

/** Ids of the span in force, where there is one. */
export function activeIds(state: State<unknown> | undefined): SpanIds | undefined {
  const found = trace.getSpanContext(parentContext(state))
  if (found === undefined || !isSpanContextValid(found)) return undefined
  return { traceId: found.traceId, spanId: found.spanId }
}

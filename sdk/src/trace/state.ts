import { AsyncLocalStorage } from 'node:async_hooks'
import type { Context } from '@opentelemetry/api'
import type { Chain } from '../link/chain.ts'

/**
 * What is in force for one agent at one point of the program. It lives in a storage of our own
 * beside OpenTelemetry's context: frameworks start traces anew, and there may be no SDK at all.
 */
export interface State<Act> {
  readonly chain?: Chain | undefined
  readonly act?: Act | undefined
  /** OpenTelemetry's context with our span, for where nothing else keeps it. */
  readonly context?: Context | undefined
}

/** One storage for each agent: two agents in one process never see each other's chain. */
export function createStateStorage<Act>(): AsyncLocalStorage<State<Act>> {
  return new AsyncLocalStorage()
}

/**
 * Whose request is being served, for all agents of the process: an agent that acts while it serves
 * one was driven by its caller.
 */
export const CALLER = new AsyncLocalStorage<string | undefined>()

/** The Vercel AI SDK, version 7: every tool call becomes one signed action. */
import { GEN_AI } from '@delegraph/graph-schema'
import { statusOf } from '../act/act.ts'
import { jsonArguments } from '../act/json-arguments.ts'
import type { OpenAct } from '../act/open-act.ts'
import type { ActOptions } from '../act/presented.ts'
import type { Delegraph } from '../delegraph.ts'
import type { Chain } from '../link/chain.ts'
import type { NewGrant } from '../link/narrow.ts'
import { CALLER } from '../trace/state.ts'
import { type AskPermission, openPermitted, type Permission } from './approvals.ts'

export type { AskPermission, Permission }

export interface WrapOptions {
  /** Tool URI of a tool's name; `tool:<name>` where absent. */
  readonly toolUri?: (name: string) => string
  /** Called before each call: see `AskPermission`. */
  readonly permission?: AskPermission
  /** Caller, drivers or credential of a call, where the application knows them. */
  readonly options?: (name: string) => Omit<ActOptions, 'approvals'>
}

/**
 * Wraps the `execute` of each tool so that a call of it is an `act` under the chain in force. Tools
 * without `execute`, and those of `handOver`, stay as they are. Streaming tools stay streaming,
 * unless a permission has to be waited for.
 */
export function wrapTools<Tools extends Readonly<Record<string, object>>>(
  delegraph: Delegraph,
  tools: Tools,
  options: WrapOptions = {},
): Tools {
  const wrapped = Object.entries(tools).map(([name, tool]) => {
    const execute = executeOf(tool)
    if (execute === undefined || HAND_OVERS.has(execute)) return [name, tool] as const
    const around: Execute = (input, info) =>
      callTool(delegraph, name, input, info, options, (...given) => execute.apply(tool, given))
    return [name, { ...tool, execute: around }] as const
  })
  return Object.fromEntries(wrapped) as Tools
}

/**
 * The `execute` of a tool that hands a part of the work to another agent: it narrows the chain in
 * force for that agent and passes the new one to `run`, which gives it to the agent. Handing over
 * is a hop and no action of its own. Without a chain in force there is nothing to hand over, and
 * `run` gets undefined.
 */
export function handOver<Input, Output>(
  delegraph: Delegraph,
  grant: NewGrant | ((input: Input) => NewGrant),
  run: (chain: Chain | undefined, input: Input, info: unknown) => Output,
): (input: Input, info: unknown) => Output {
  const execute = (input: Input, info: unknown): Output => {
    const chain = delegraph.active()
    const wanted = typeof grant === 'function' ? grant(input) : grant
    const child = chain === undefined ? undefined : delegraph.narrow(chain, wanted)
    return CALLER.run(delegraph.agent, () => run(child, input, info))
  }
  HAND_OVERS.add(execute)
  return execute
}

type Execute = (input: unknown, info: unknown) => unknown

/** Functions made by `handOver`. */
const HAND_OVERS = new WeakSet<object>()

function executeOf(tool: object): Execute | undefined {
  const execute: unknown = Reflect.get(tool, 'execute')
  return isExecute(execute) ? execute : undefined
}

function isExecute(value: unknown): value is Execute {
  return typeof value === 'function'
}

function callTool(
  delegraph: Delegraph,
  name: string,
  input: unknown,
  info: unknown,
  options: WrapOptions,
  execute: Execute,
): unknown {
  const call = { tool: options.toolUri?.(name) ?? `tool:${name}`, args: jsonArguments(input) }
  const id = toolCallId(info)
  const given = {
    ...options.options?.(name),
    ...(id === undefined ? {} : { attributes: { [GEN_AI.toolCallId]: id } }),
  }
  const open = openPermitted(delegraph, call, given, options.permission)
  if (!(open instanceof Promise)) return settled(open, () => execute(input, info))
  return open.then(async (act) => {
    const result = settled(act, () => execute(input, info))
    return isAsyncIterable(result) ? lastOf(result) : result
  })
}

/** Ends the call with its result: a stream when it has been read, a promise when it settles. */
function settled(open: OpenAct, run: () => unknown): unknown {
  try {
    const result = open.run(run)
    if (isAsyncIterable(result)) return streamed(open, result)
    return Promise.resolve(result).then(
      (value) => {
        open.end('ok')
        return value
      },
      (error: unknown) => {
        open.end(statusOf(error))
        throw error
      },
    )
  } catch (error) {
    open.end(statusOf(error))
    throw error
  }
}

/** Each part is made inside the call's span, whoever reads it and wherever. */
async function* streamed(open: OpenAct, stream: AsyncIterable<unknown>): AsyncGenerator {
  let status: 'ok' | 'failed' | 'denied' = 'failed'
  const iterator = open.run(() => stream[Symbol.asyncIterator]())
  try {
    for (;;) {
      const next = await open.run(() => iterator.next())
      if (next.done === true) break
      yield next.value
    }
    status = 'ok'
  } catch (error) {
    status = statusOf(error) === 'denied' ? 'denied' : 'failed'
    throw error
  } finally {
    if (status === 'failed') await open.run(() => iterator.return?.())
    open.end(status)
  }
}

async function lastOf(stream: AsyncIterable<unknown>): Promise<unknown> {
  let last: unknown
  for await (const item of stream) last = item
  return last
}

function isAsyncIterable(value: unknown): value is AsyncIterable<unknown> {
  return typeof value === 'object' && value !== null && Symbol.asyncIterator in value
}

function toolCallId(info: unknown): string | undefined {
  const id =
    typeof info === 'object' && info !== null && 'toolCallId' in info ? info.toolCallId : ''
  return typeof id === 'string' && id !== '' ? id : undefined
}

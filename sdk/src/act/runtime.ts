import type { AsyncLocalStorage } from 'node:async_hooks'
import type { Anchor, Signer, ToolGrants } from '@delegraph/link'
import { SdkError } from '../errors.ts'
import type { Recorder } from '../evidence/recorder.ts'
import type { State } from '../trace/state.ts'
import type { IdentitySource } from './identity.ts'
import type { OpenAct } from './open-act.ts'

/** What all parts of one agent's instance share. */
export interface Runtime {
  /** Agent id. */
  readonly agent: string
  readonly key: Signer
  readonly recorder: Recorder
  readonly storage: AsyncLocalStorage<State<OpenAct>>
  /** `aud` of what is signed for the collector. */
  readonly collector: string
  /** False with the setting `args: none`. */
  readonly disclose: boolean
  readonly standing: ToolGrants
  /** Arguments that are disclosed whatever the chain constrains, as grants that constrain them. */
  readonly shown: ToolGrants
  readonly anchors: readonly Anchor[] | undefined
  readonly identity: IdentitySource | undefined
}

/** The inside of an instance, for our own adapters. */
export function runtimeOf(instance: object): Runtime {
  const runtime = RUNTIMES.get(instance)
  if (runtime === undefined)
    throw new SdkError('invalid_config', 'expected an instance of createDelegraph')
  return runtime
}

export function keepRuntime(instance: object, runtime: Runtime): void {
  RUNTIMES.set(instance, runtime)
}

const RUNTIMES = new WeakMap<object, Runtime>()

import { createRequire } from 'node:module'
import { PolicyError } from './slip.ts'

/** Cedar, as its WebAssembly has it. */
export type Cedar = typeof import('@cedar-policy/cedar-wasm/nodejs')

const NAME = '@cedar-policy/cedar-wasm/nodejs'
const load = createRequire(import.meta.url)

let current: { readonly cedar: Cedar; readonly generation: number } | undefined
let generation = 0

/**
 * The engine, loaded when it is first asked for. `generation` counts instances: what was prepared in an
 * earlier one is not in this.
 *
 * @throws PolicyError `engine_missing`
 */
export function openCedar(): { readonly cedar: Cedar; readonly generation: number } {
  if (current !== undefined) return current
  let cedar: Cedar
  try {
    cedar = load(NAME) as Cedar
  } catch {
    throw new PolicyError('engine_missing', 'a policy needs the package @cedar-policy/cedar-wasm')
  }
  generation += 1
  current = { cedar, generation }
  return current
}

/**
 * Calls into the engine; undefined where it trapped. An instance that trapped keeps a broken stack and would trap at
 * harmless requests too, so it is thrown away and the next call gets another.
 */
export function callCedar<Answer>(call: (cedar: Cedar) => Answer): Answer | undefined {
  const { cedar } = openCedar()
  try {
    return call(cedar)
  } catch {
    current = undefined
    delete load.cache[load.resolve(NAME)]
    return undefined
  }
}

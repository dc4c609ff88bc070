import { GEN_AI, GEN_AI_OPERATION } from '@delegraph/graph-schema'
import { parentContext, runWith } from '../trace/run.ts'
import { openSpan } from '../trace/span.ts'
import { chainAttributes, hopAttributes } from './attributes.ts'
import { reportIdentity } from './identity.ts'
import type { Runtime } from './runtime.ts'

/**
 * Runs the work of one agent inside the span that starts its hop. That span carries the signed
 * link; the spans below it carry hashes.
 */
export async function hop<Result>(
  runtime: Runtime,
  name: string,
  run: () => Result | PromiseLike<Result>,
): Promise<Result> {
  const state = runtime.storage.getStore()
  const chain = state?.chain
  const span = openSpan({
    name: `invoke_agent ${name}`,
    kind: 'internal',
    attributes: {
      [GEN_AI.operationName]: GEN_AI_OPERATION.invokeAgent,
      [GEN_AI.agentName]: name,
      ...chainAttributes(chain, runtime.agent),
      ...(chain === undefined ? {} : hopAttributes(chain, runtime.recorder.onSpans)),
    },
    parent: parentContext(state),
    recorder: runtime.recorder,
  })
  reportIdentity(runtime, span)
  let failed = true
  try {
    const result = await runWith(runtime.storage, { chain, context: span.context }, run)
    failed = false
    return result
  } finally {
    span.end(failed)
  }
}

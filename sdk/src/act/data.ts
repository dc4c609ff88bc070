import { createHmac } from 'node:crypto'
import { ATTR, EVENT } from '@delegraph/graph-schema'
import type { Attributes } from '../evidence/event.ts'
import { activeIds, parentContext } from '../trace/run.ts'
import { openSpan } from '../trace/span.ts'
import { chainAttributes } from './attributes.ts'
import { checkedHashes } from './presented.ts'
import type { Runtime } from './runtime.ts'

/**
 * Names a piece of content without showing it: HMAC-SHA-256 under a key of the deployment, 43
 * characters of base64url. The same content has the same name for all agents that share the key.
 */
export function dataHash(content: string | Uint8Array, deploymentKey: string | Uint8Array): string {
  return createHmac('sha256', deploymentKey).update(content).digest('base64url')
}

/** Content that moves outside a call of a tool: a memory, a queue, a message. */
export interface Movement {
  /** `wrote` and `read` a resource, `sent` to and `received` from somebody. */
  readonly op: 'wrote' | 'read' | 'sent' | 'received'
  /** Keyed hashes of the content, see `dataHash`. */
  readonly data: readonly string[]
  /** The memory, file or queue. */
  readonly resource?: string
  /** Agent id of the other side: from whom it was received, or to whom it was sent. */
  readonly peer?: string
  /** The task; that of the chain in force where absent. */
  readonly task?: string
  readonly session?: string
}

/**
 * Records that content moved. As a log record where there is a way for those, and else as a span, so
 * that one movement is one record. Throws `SdkError` `invalid_data_hash`.
 */
export function moved(runtime: Runtime, movement: Movement): void {
  const { recorder, storage, agent } = runtime
  const state = storage.getStore()
  const attributes: Attributes = {
    ...chainAttributes(state?.chain, agent),
    ...movementAttributes(movement),
  }
  if (recorder.onLogs) {
    recorder.event({ name: EVENT.data, text: movement.op, attributes, ids: activeIds(state) })
    return
  }
  const span = openSpan({
    name: `data ${movement.op}`,
    kind: 'internal',
    attributes,
    parent: parentContext(state),
    recorder,
  })
  span.end(false)
}

function movementAttributes({ op, data, resource, peer, task, session }: Movement): Attributes {
  const puts = op === 'wrote' || op === 'sent'
  return {
    [ATTR.dataOp]: op,
    [puts ? ATTR.dataOut : ATTR.dataIn]: checkedHashes(data),
    ...(resource === undefined ? {} : { [ATTR.resource]: resource }),
    ...(peer === undefined ? {} : { [puts ? ATTR.dataTarget : ATTR.dataSource]: peer }),
    ...(task === undefined ? {} : { [ATTR.taskId]: task }),
    ...(session === undefined ? {} : { [ATTR.sessionId]: session }),
  }
}

import type { ReceiptStatus } from '@delegraph/link'
import { jsonArguments } from '../act/json-arguments.ts'
import type { Call } from '../act/proposal.ts'
import { membersOf } from '../carriage/presentation.ts'

/** The part of a message of A2A 1.0 that is read here; `Message` of `@a2a-js/sdk` 1 fits. */
export interface A2aMessage {
  readonly contextId?: string
  readonly taskId?: string
  readonly parts: readonly unknown[]
  metadata?: Readonly<Record<string, unknown>> | undefined
  extensions?: string[]
}

/** `SendMessageRequest`. */
export interface A2aRequest {
  readonly message: A2aMessage | undefined
}

/**
 * What a message asks for, as tool and arguments. Both ends need the same: what one of them derives
 * from the message the other has to derive too.
 */
export type DescribeMessage = (message: A2aMessage) => {
  /** The tool is `<resource>#<name>`. */
  readonly name: string
  readonly args: unknown
}

/** Every message is the tool `SendMessage`, and its content the arguments. */
export const describeMessage: DescribeMessage = ({ parts, contextId, taskId }) => ({
  name: 'SendMessage',
  args: {
    parts: parts.map(partOf),
    ...(contextId === undefined || contextId === '' ? {} : { contextId }),
    ...(taskId === undefined || taskId === '' ? {} : { taskId }),
  },
})

export function callOf(
  resource: string,
  describe: DescribeMessage | undefined,
  message: A2aMessage,
): Required<Call> {
  const { name, args } = (describe ?? describeMessage)(message)
  return { tool: `${resource}#${name}`, args: jsonArguments(args), audience: resource }
}

/** A part as A2A's own JSON has it, with the same members whichever end writes it. */
function partOf(part: unknown): unknown {
  const { content, filename, mediaType, metadata } = { ...NO_PART, ...membersOf(part) }
  const { $case: kind, value } = membersOf(content)
  const shown = value instanceof Uint8Array ? Buffer.from(value).toString('base64') : value
  return {
    ...(typeof kind === 'string' ? { [kind]: shown ?? null } : {}),
    ...(typeof filename === 'string' && filename !== '' ? { filename } : {}),
    ...(typeof mediaType === 'string' && mediaType !== '' ? { mediaType } : {}),
    ...(metadata === undefined ? {} : { metadata }),
  }
}

const NO_PART = {
  content: undefined,
  filename: undefined,
  mediaType: undefined,
  metadata: undefined,
}

/** How a call ended, by the task or the event of a stream that answers it. */
export function statusOfAnswer(answer: unknown): ReceiptStatus {
  const members = membersOf(answer)
  const inside = membersOf(membersOf(members['payload'])['value'])
  const status = membersOf(members['status'] ?? inside['status'])
  const state = status['state']
  if (state === REJECTED) return 'denied'
  return state === FAILED || state === CANCELED ? 'failed' : 'ok'
}

/** States of a task in A2A 1.0, section 4.1.3. */
const FAILED = 4
const CANCELED = 5
export const REJECTED = 7

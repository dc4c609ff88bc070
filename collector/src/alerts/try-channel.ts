import { randomUUID } from 'node:crypto'
import type { Channel, DeliveryResult } from './channel.ts'
import { testMessage } from './test-message.ts'

/** How a channel took a test finding and its withdrawal. */
export interface ChannelTest {
  readonly channel: string
  /** One sentence, without a secret. */
  readonly says: string
  readonly result: DeliveryResult['kind']
}

/** Opened and withdrawn, so that nothing stays open anywhere. */
export async function tryChannel(
  channel: Pick<Channel, 'name' | 'deliver'>,
  now: number,
): Promise<ChannelTest> {
  const { name } = channel
  const id = randomUUID()
  const never = new AbortController().signal
  for (const closes of [false, true]) {
    const message = testMessage({ channel: name, id, closes, at: now })
    const result = await channel.deliver(message, never)
    if (result.kind === 'delivered') continue
    const what = closes ? 'its withdrawal' : 'the test finding'
    const says = `${name} did not take ${what}: ${result.reason}`
    return { channel: name, says, result: result.kind }
  }
  const says = `${name} took a test finding and its withdrawal`
  return { channel: name, says, result: 'delivered' }
}

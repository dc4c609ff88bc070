import { useState } from 'react'
import { messageOf } from '../../api/ask.ts'
import { sendOnce } from '../../api/client.ts'
import { TEST_CHANNEL } from './documents.ts'

export interface ChannelTested {
  readonly channel: string
  readonly worked: boolean
  readonly says: string
}

/** Sends test findings, one channel at a time. */
export function useTest() {
  const [busy, setBusy] = useState<string>()
  const [told, setTold] = useState<ChannelTested>()
  const run = async (channel: string): Promise<void> => {
    setBusy(channel)
    const { data, error } = await sendOnce(TEST_CHANNEL, { input: { name: channel } })
    setBusy(undefined)
    const answer = data?.testAlertChannel
    setTold(
      answer?.__typename === 'AlertTest'
        ? { channel, worked: answer.delivered, says: answer.says }
        : {
            ...{ channel, worked: false },
            says: answer?.message ?? (error === undefined ? 'no answer' : messageOf(error)),
          },
    )
  }
  return { busy, told, run }
}

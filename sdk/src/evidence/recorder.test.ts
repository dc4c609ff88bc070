import { EVENT } from '@delegraph/graph-schema'
import { expect, test } from 'vitest'
import { createDelegraph } from '../index.ts'
import { cast, DEPLOY, deploy } from '../testing/cast.ts'

/** A worker who reports to a logger what it receives. */
async function listening() {
  const { alice, approver, keys } = await cast()
  const heard: [string, string][] = []
  const logger = {
    emit: ({ eventName, body }: { eventName: string; body: string }) => {
      heard.push([eventName, body])
    },
  }
  const worker = createDelegraph({ agent: 'agent:worker', key: keys.worker, logger })
  const chain = alice.issue({ to: worker.holder, tools: deploy('staging') })
  return { approver, worker, chain, heard }
}

const broken = (text: string) => text.replace(/.{8}$/, 'AAAAAAAA')

test('a link first seen with a broken signature does not keep the true one back', async () => {
  const { worker, chain, heard } = await listening()
  const [text = ''] = chain.texts
  for (const sent of [broken(text), text, broken(text), text]) worker.receive([sent])
  expect(heard).toEqual([
    [EVENT.link, broken(text)],
    [EVENT.link, text],
  ])
})

test('nor does an approval', async () => {
  const { approver, worker, chain, heard } = await listening()
  worker.under(chain, () => {
    const proposal = worker.propose({ tool: DEPLOY, args: { env: 'staging' } })
    const text = approver.approve(proposal, { chain })
    for (const sent of [broken(text), text, text])
      worker.openAct(proposal, { approvals: [sent] }).end('ok')
    const approvals = heard.filter(([name]) => name === EVENT.approval)
    expect(approvals).toEqual([
      [EVENT.approval, broken(text)],
      [EVENT.approval, text],
    ])
  })
})

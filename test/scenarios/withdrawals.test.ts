import { decodeUnverified, isFault, NO_TRUST } from '@delegraph/link'
import { createApprover, createDelegraph, createKey, createPrincipal } from '@delegraph/sdk'
import { pino } from 'pino'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Collector, startCollector } from '../../collector/src/collector.ts'
import { readConfig } from '../../collector/src/config.ts'
import { cast, DEPLOY, deploy, RESOURCE } from '../../sdk/src/testing/cast.ts'
import { temporaryFolder } from '../harness/own-place.ts'
import { storePlaces } from '../harness/stores.ts'

const PARTS = 'kind at by { __typename id } verdict { state }'

for (const { name, store, env } of storePlaces()) {
  describe(`withdrawals in the API, on ${name}`, () => {
    const folder = temporaryFolder()
    let collector: Collector
    const told = { root: '', child: '', ended: '', forged: '', approval: '' }

    beforeAll(async () => {
      const { anchors, approvers, keys } = await cast()
      const own = readConfig({ data: folder.path, otlpPort: '0', apiPort: '0' }, {})
      collector = await startCollector({
        config: { ...own, store },
        env,
        logger: pino({ level: 'silent' }),
        trust: { ...NO_TRUST, version: '1', anchors, approvers },
      })
      const evidence = { collector: collector.otlpUrl }
      const [anchor, service] = [anchors[0]?.iss ?? '', approvers[0]?.iss ?? '']
      const issuer = { id: 'person:alice', iss: anchor, kid: 'root', ...evidence }
      const alice = createPrincipal({ ...issuer, key: keys.root })
      const approver = createApprover({
        ...{ iss: service, kid: 'approvals', key: keys.approvals, subject: issuer.id, ...evidence },
      })
      const planner = createDelegraph({ agent: 'agent:planner', key: keys.planner, ...evidence })
      const worker = createDelegraph({ agent: 'agent:worker', key: keys.worker, ...evidence })
      const grant = { to: planner.holder, tools: deploy('staging'), audience: RESOURCE }
      const handOn = { to: worker.holder, tools: deploy('staging'), audience: RESOURCE }

      const root = alice.issue(grant)
      const child = planner.narrow(root, handOn)
      planner.revoke(child)
      alice.revoke(root)
      told.root = root.hash
      told.child = child.hash

      const ended = alice.issue(grant)
      planner.complete(ended)
      told.ended = ended.hash

      // Somebody with a key of his own takes himself for the issuer.
      const forged = alice.issue(grant)
      const stranger = createPrincipal({ ...issuer, key: await createKey() })
      stranger.revoke(forged)
      told.forged = forged.hash

      const approved = alice.issue(grant)
      const call = { tool: DEPLOY, args: { env: 'staging' }, audience: RESOURCE }
      const approval = planner.under(approved, () =>
        approver.approve(planner.propose(call), { chain: approved, amr: ['hwk'] }),
      )
      approver.revoke(approval)
      const decoded = decodeUnverified(approval)
      told.approval = isFault(decoded) ? '' : decoded.hash
      const all = [alice, approver, planner, worker, stranger]
      await Promise.all(all.map((one) => one.shutdown()))
      await collector.settled()
    }, 120_000)
    afterAll(async () => {
      await collector?.store.clear()
      await collector?.[Symbol.asyncDispose]()
      folder[Symbol.dispose]()
    })

    async function ask<Data>(query: string): Promise<Data> {
      const response = await fetch(collector.graphqlUrl, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ query }),
      })
      const { data } = (await response.json()) as { data: Data }
      return data
    }

    async function withdrawalsOf(hash: string): Promise<unknown[]> {
      const { chain } = await ask<{
        chain: { links: { nodes: { hash: string; withdrawals: unknown[] }[] } }
      }>(
        `{ chain(id: "${hash}") { ... on Chain { links { nodes { hash withdrawals { ${PARTS} } } } } } }`,
      )
      return chain.links.nodes.find((link) => link.hash === hash)?.withdrawals ?? []
    }

    const by = (type: 'Agent' | 'Principal', id: string) => ({ __typename: type, id })
    const counts = { at: expect.stringMatching(/^20\d\d-/), verdict: { state: 'OK' } }

    it('stand at the link that they name, with whose word it was', async () => {
      expect(await withdrawalsOf(told.root)).toEqual([
        { kind: 'LINK', by: by('Principal', 'person:alice'), ...counts },
      ])
      expect(await withdrawalsOf(told.child)).toEqual([
        { kind: 'LINK', by: by('Agent', 'agent:planner'), ...counts },
      ])
    })

    it('are of a task where its holder ended it', async () => {
      expect(await withdrawalsOf(told.ended)).toEqual([
        { kind: 'TASK', by: by('Agent', 'agent:planner'), ...counts },
      ])
    })

    it('are of an approval where its service took it back', async () => {
      expect(
        await ask(
          `{ approval(id: "${told.approval}") { ... on Approval { withdrawals { ${PARTS} } } } }`,
        ),
      ).toEqual({
        approval: {
          withdrawals: [{ kind: 'APPROVAL', by: by('Principal', 'person:alice'), ...counts }],
        },
      })
    })

    it('are shown and nobody’s where the signature does not hold', async () => {
      expect(await withdrawalsOf(told.forged)).toEqual([
        { kind: 'LINK', by: null, at: counts.at, verdict: { state: 'UNKNOWN' } },
      ])
    })
  })
}

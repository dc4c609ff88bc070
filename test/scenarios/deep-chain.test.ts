import { join } from 'node:path'
import { prepare } from '@delegraph/example-approval-riding'
import { LIMITS } from '@delegraph/link'
import { pino } from 'pino'
import { describe, expect, it } from 'vitest'
import { startCollector } from '../../collector/src/collector.ts'
import { readConfig } from '../../collector/src/config.ts'
import { longChain, sendLinks } from '../harness/long-chain.ts'
import { temporaryFolder } from '../harness/own-place.ts'

const HOPS = 50

describe('a chain far deeper than the profile', () => {
  it('is judged the same in whatever portions and order it arrives', async () => {
    using folder = temporaryFolder()
    const { trust, registry, keys } = await prepare(join(folder.path, 'demo'))
    const links = longChain(HOPS, keys.issuer)
    const oneByOne = links.map((link) => [link])
    const portions = {
      'all at once': [links],
      'in tens': Array.from({ length: HOPS / 10 }, (_, i) => links.slice(i * 10, i * 10 + 10)),
      'one by one': oneByOne,
      'from its end': oneByOne.toReversed(),
    }
    const judged = new Map<string, unknown[]>()
    for (const [name, bodies] of Object.entries(portions)) {
      const data = join(folder.path, name)
      const config = {
        ...readConfig({ data, otlpPort: '0', apiPort: '0' }, {}),
        ...{ trust, registry },
      }
      const logger = pino({ level: 'silent' })
      await using collector = await startCollector({ config, env: {}, logger })
      for (const body of bodies) {
        await sendLinks(collector.otlpUrl, body)
        await collector.settled()
      }
      const nodes = await collector.store.find(
        'Link',
        'hash',
        links.map(({ hash }) => hash),
      )
      const byHash = new Map(nodes.map((node) => [node.key, node.columns]))
      judged.set(
        name,
        links.map(({ hash }) => {
          const { learnedAt: _, ...columns } = byHash.get(hash) ?? {}
          return columns
        }),
      )
    }
    const [first, ...others] = judged.values()
    for (const other of others) expect(other).toEqual(first)
    const words = (first as { signature: string; outcome: string }[]).map(
      ({ signature, outcome }) => `${signature} ${outcome}`,
    )
    // Those of the profile hold, the next one went too far, and nothing below it is looked at.
    expect(words.slice(0, LIMITS.links)).toEqual(Array(LIMITS.links).fill('valid ok'))
    expect(words[LIMITS.links]).toBe('valid failed:depth_invalid:terminal')
    const below = words.slice(LIMITS.links + 1)
    expect(new Set(below)).toEqual(new Set(['unchecked failed:depth_invalid:links']))
  }, 120_000)
})

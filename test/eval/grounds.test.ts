import type { FactEvidence, FindingBody, NodeKind } from '@delegraph/graph-schema'
import { expect, it } from 'vitest'
import { playAll } from './batch.ts'
import { deliver } from './deliver.ts'
import { readCases, unlabelled } from './evaluate.ts'
import { openFindings } from './open-findings.ts'
import { OWN_FILES } from './own-files.ts'
import { recordSpans } from './span-recorder.ts'
import { startFor } from './start-for.ts'

const cases = OWN_FILES.flatMap(readCases)

/** Where each kind of evidence is in the graph, and by which column. */
const PLACES: Readonly<Record<FactEvidence['kind'], readonly [NodeKind, string]>> = {
  link: ['Link', 'hash'],
  action: ['Action', 'id'],
  approval: ['Approval', 'hash'],
  decision: ['Decision', 'hash'],
  agent: ['Agent', 'id'],
  key: ['Key', 'thumbprint'],
  credential: ['Action', 'credential'],
}

it('every fact of every rule says where it is seen, and it is there; incidents are of one series', async () => {
  const rules = new Set<string>()
  const kinds = new Set<string>()
  const wrong: unknown[] = []
  let hops = 0
  const recorder = recordSpans()
  for (let first = 0; first < cases.length; first += 64) {
    const played = await playAll(cases.slice(first, first + 64).map(unlabelled), recorder)
    await using started = await startFor(played)
    const { collector } = started
    await deliver(collector.otlpUrl, played.recorded)
    await collector.settled()
    const { store } = collector
    const findings = await openFindings(store)
    for (const { columns } of findings) {
      const rule = String(columns['rule'])
      rules.add(rule)
      const { facts, shownBy = [], ...body } = JSON.parse(String(columns['body'])) as FindingBody
      if (facts.length === 0 || shownBy.length !== facts.length) wrong.push([rule, facts, shownBy])
      for (const [i, { kind, id }] of shownBy.entries()) {
        kinds.add(kind)
        const [node, column] = PLACES[kind]
        const found = await store.find(node, column, [id])
        if (found.length === 0) wrong.push([rule, facts[i], kind, id])
      }
      if (columns['hops'] !== undefined) hops += 1
      if (columns['hops'] !== undefined && columns['hops'] !== body.hops.length)
        wrong.push([rule, columns['hops'], body.hops])
    }
    for (const [incident, own] of Map.groupBy(findings, ({ columns }) => columns['incident'])) {
      if (new Set(own.map(({ columns }) => columns['series'])).size !== 1) wrong.push(incident)
    }
  }
  expect(wrong).toEqual([])
  expect(rules.size).toBe(16)
  // In none of the cases is a key somebody else's.
  const others = Object.keys(PLACES).filter((kind) => kind !== 'key')
  expect([...kinds].sort()).toEqual(others.sort())
  expect(hops).toBeGreaterThan(50)
}, 900_000)

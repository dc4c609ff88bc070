import { spawnSync } from 'node:child_process'
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'
import { type Collector, openStoreOf } from '../../collector/src/collector.ts'
import { readConfig } from '../../collector/src/config.ts'
import { demoCollector } from '../harness/demo.ts'

const MAIN = fileURLToPath(new URL('../../collector/src/cli/main.ts', import.meta.url))

function delegraph(...args: string[]) {
  const argv = ['--conditions=delegraph-source', MAIN, ...args]
  return spawnSync(process.execPath, argv, { encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 })
}

/** A case with one finding: what people say goes along as what was received. */
async function openCase({ store, graphqlUrl }: Collector): Promise<void> {
  const [finding] = await store.find('Finding', 'state', ['open'], 1)
  const input = { title: 'a case', items: [{ kind: 'FINDING', id: finding?.key }] }
  const query = 'mutation ($input: OpenCaseInput!) { openCase(input: $input) { __typename } }'
  const response = await fetch(graphqlUrl, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query, variables: { input } }),
  })
  expect(await response.json()).toEqual({ data: { openCase: { __typename: 'Case' } } })
}

async function graphIn(data: string): Promise<string[]> {
  await using store = await openStoreOf(readConfig({ data }, {}), {})
  const lines: string[] = []
  for await (const item of store.dump()) lines.push(JSON.stringify(item))
  return lines
}

it('takes a journal from a running collector to another folder, where it gives the same graph', async () => {
  await using demo = await demoCollector()
  await openCase(demo.collector)
  const file = join(demo.folder, 'journal.ndjson')
  const out = delegraph('export', '--journal', '--data', demo.folder, '--out', file)
  expect([out.status, out.stdout]).toEqual([0, ''])
  expect(out.stderr).toMatch(/^\d+ records in /)
  expect(out.stderr).not.toContain('\r')
  const before = await graphIn(demo.folder)

  const data = join(demo.folder, 'elsewhere')
  mkdirSync(data)
  const brought = delegraph('import', file, '--data', data, '--json')
  expect(brought.stderr).toBe('')
  expect(JSON.parse(brought.stdout)).toMatchObject({ how: 'restored', left: 0 })
  const rebuilt = delegraph('rebuild', '--data', data, '--trust', demo.config.trust ?? '')
  expect([rebuilt.status, rebuilt.stderr]).toEqual([0, ''])
  expect(before.length).toBeGreaterThan(50)
  expect(before.filter((line) => line.startsWith('{"kind":"Case'))).toHaveLength(3)
  expect(await graphIn(data)).toEqual(before)

  // A collector that writes is not written to behind its back.
  const refused = delegraph('import', file, '--data', demo.folder)
  expect(refused.status).toBe(1)
  expect(refused.stderr).toContain('journal')
  expect(delegraph('export', '--data', data).status).toBe(2)
}, 180_000)

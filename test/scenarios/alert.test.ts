import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { readFileSync, writeFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { play, prepare } from '@delegraph/example-approval-riding'
import { pino } from 'pino'
import { Webhook } from 'standardwebhooks'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { startCollector } from '../../collector/src/collector.ts'
import { type Config, readConfig } from '../../collector/src/config.ts'
import { temporaryFolder } from '../harness/own-place.ts'

const SECRET = `whsec_${Buffer.alloc(32, 7).toString('base64')}`

interface Received {
  readonly id: string
  readonly event: {
    readonly type: string
    readonly data: { readonly finding: { id: string; rule: string }; readonly proof: Shipped }
  }
}

interface Shipped {
  readonly sha256: string
  readonly rule: object
  readonly notInline?: string
  readonly inline: { readonly finding: object; readonly evidence: readonly object[] }
}

let server: Server
let received: Received[]
let refuse: number

beforeEach(async () => {
  received = []
  refuse = 0
  server = createServer(async (request, response) => {
    const parts: Buffer[] = []
    for await (const part of request) parts.push(part as Buffer)
    if (refuse > 0) {
      refuse -= 1
      response.writeHead(503, { 'retry-after': '0' }).end()
      return
    }
    const body = Buffer.concat(parts).toString()
    const headers = Object.fromEntries(
      Object.entries(request.headers).map(([name, value]) => [name, String(value)]),
    )
    const event = new Webhook(SECRET).verify(body, headers) as Received['event']
    received.push({ id: headers['webhook-id'] ?? '', event })
    response.writeHead(204).end()
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
})
afterEach(() => new Promise((resolve) => server.close(resolve)))

describe('an alert', () => {
  it('reaches a webhook signed, through refusals, once, and not again after a restart or a rebuild', async () => {
    using folder = temporaryFolder()
    const prepared = await prepare(join(folder.path, 'demo'))
    const secretFile = join(folder.path, 'secret')
    writeFileSync(secretFile, SECRET, { mode: 0o600 })
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`
    const lake = join(folder.path, 'lake.ndjson')
    const common = { match: {}, groupBy: 'fingerprint' } as const
    const config: Config = {
      ...readConfig({ data: folder.path, otlpPort: '0', apiPort: '0' }, {}),
      trust: prepared.trust,
      registry: prepared.registry,
      channels: [
        { ...common, name: 'webhook', kind: 'webhook', url, secretFile, proof: 'inline' },
        { ...common, name: 'lake', kind: 'ocsf', file: lake, proof: 'hash' },
      ],
    }
    const logger = pino({ level: 'silent' })
    refuse = 2
    {
      await using collector = await startCollector({ config, env: {}, logger })
      await play(prepared, collector.otlpUrl)
      await collector.settled()
      await until(async () => {
        const owed = await collector.store.count('Alert', { equals: { state: ['owed'] } }, 100)
        return received.length > 0 && owed === 0
      })
    }
    const ids = received.map(({ id }) => id)
    expect(new Set(ids).size).toBe(ids.length)
    const last = received.findLast(({ event }) => JSON.stringify(event).includes('"rule":"D1"'))
    expect(last?.event).toMatchObject({
      type: expect.stringContaining('dev.delegraph.finding.'),
      data: { finding: { rule: 'D1', class: 'inheritance' } },
    })
    // Each carries the proof that it was opened on, and anybody who has the trust file comes to it again.
    // What was overtaken while it was refused says so; the next one of the same finding carries its own, or takes it
    // back: where later evidence made less of it, a channel that is not told of such is told that it is withdrawn.
    const isEnd = ({ type }: Received['event']) => /withdrawn|closed/.test(type)
    const opened = received.filter(({ event }) => !isEnd(event))
    const newest = new Map(received.map(({ event }) => [event.data.finding.id, event]))
    const latest = new Map([...newest].filter(([, event]) => !isEnd(event)))
    expect(latest.size).toBeGreaterThan(0)
    for (const { event } of opened) {
      const { proof, finding } = event.data
      if (latest.get(finding.id) === event || proof.notInline === undefined) continue
      expect(proof.notInline).toContain('not any more what is told here')
    }
    for (const event of latest.values()) {
      const { proof, finding } = event.data
      const file = join(folder.path, `${finding.id}.json`)
      const text = `${JSON.stringify(proof.inline)}\n`
      writeFileSync(file, text)
      expect(createHash('sha256').update(text).digest('hex')).toBe(proof.sha256)
      expect(proof.rule).toMatchObject({ id: finding.rule })
      const verify = ['verify', file, '--trust', prepared.trust]
      const { code, out } = await run(verify)
      expect({ rule: finding.rule, type: event.type, code, out: code === 0 ? '' : out }).toEqual({
        rule: finding.rule,
        type: event.type,
        code: 0,
        out: '',
      })
      const { inline } = proof
      for (const forged of [
        { ...inline, finding: { ...inline.finding, agent: 'agent:somebody-else' } },
        { ...inline, evidence: [] },
      ]) {
        writeFileSync(file, JSON.stringify(forged))
        const verdict = await run(verify)
        expect(verdict.code).toBe(3)
        expect(verdict.out).toContain('comes out differently')
      }
    }
    // A channel that is not set to have it is told the hash, and why.
    const lines = readFileSync(lake, 'utf8').trim().split('\n')
    expect(lines.length).toBeGreaterThan(0)
    for (const line of lines) {
      expect(line).not.toContain('"inline"')
      expect(line).not.toContain('delegraph-finding/1')
    }
    const told = lines.filter((line) => /"sha256":"[0-9a-f]{64}"/.test(line))
    expect(told.length).toBeGreaterThan(0)
    for (const line of told) expect(line).toContain('this channel is not set to have proofs')
    // Notes of a weakness are asked for and not sent.
    expect(JSON.stringify(received)).not.toContain('"class":"exposure"')
    for (const graph of ['kept', 'cleared', 'made anew']) {
      await using collector = await startCollector({ config, env: {}, logger })
      await collector.settled()
      await new Promise((resolve) => setTimeout(resolve, 300))
      expect(received.map(({ id }) => id)).toEqual(ids)
      if (graph === 'cleared') await collector.store.clear()
    }
  }, 240_000)
})

const CLI = join(import.meta.dirname, '../../collector/src/cli/main.ts')

function run(args: readonly string[]): Promise<{ readonly code: number; readonly out: string }> {
  return new Promise((resolve) => {
    const command = ['--conditions=delegraph-source', CLI, ...args]
    execFile(process.execPath, command, (error, stdout, stderr) =>
      resolve({ code: error === null ? 0 : Number(error.code ?? -1), out: stdout + stderr }),
    )
  })
}

async function until(condition: () => Promise<boolean>): Promise<void> {
  for (let tries = 0; tries < 400; tries += 1) {
    if (await condition()) return
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
  throw new Error('it did not come to pass')
}

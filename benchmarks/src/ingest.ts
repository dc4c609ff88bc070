import { spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { Agent, request } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import protobuf from 'protobufjs'
import { OTLP } from '../../test/harness/otlp-schema.ts'
import { cpuRates, type Measured, median, ratio } from './measure.ts'

const ROUNDS = 7
const SPANS = 512
const BODIES = 60
const CONNECTIONS = 4

/** Spans without a link per CPU-second of a whole collector: HTTP, decoding, journal with fsync. */
export async function ingest(): Promise<Measured> {
  const type = protobuf.Root.fromJSON(OTLP).lookupType('ExportTraceServiceRequest')
  const body = Buffer.from(type.encode(type.fromObject(plainSpans())).finish())
  const reference = await cpuRates(
    [
      {
        name: 'protobufjs',
        run() {
          for (let i = 0; i < BODIES; i += 1) type.decode(body)
          return BODIES * SPANS
        },
      },
    ],
    ROUNDS,
  )
  const data = mkdtempSync(join(tmpdir(), 'delegraph-bench-'))
  const collector = await startCollector(data)
  const rates: number[] = []
  try {
    const agent = new Agent({ keepAlive: true, maxSockets: CONNECTIONS })
    await send(collector.url, body, 20, agent)
    for (let round = 0; round < ROUNDS; round += 1) {
      const before = cpuSeconds(collector.pid)
      await send(collector.url, body, BODIES, agent)
      rates.push((BODIES * SPANS) / (cpuSeconds(collector.pid) - before))
    }
    agent.destroy()
  } finally {
    await collector.stop()
    rmSync(data, { recursive: true, force: true })
  }
  const rate = median(rates)
  const referenceRate = reference.get('protobufjs') ?? Number.NaN
  return {
    name: 'ingest',
    unit: 'spans per CPU-second',
    reference: 'protobufjs decoding the same bodies, in this process',
    results: [
      { case: 'spans without links', rate, referenceRate, ratio: ratio(rate, referenceRate) },
    ],
    notes: [
      `bodies of ${SPANS} spans with 8 attributes, ${body.length} bytes, ${CONNECTIONS} connections, all threads of the collector counted`,
      'each body is answered only after it is in the journal and synced',
    ],
  }
}

function plainSpans(): object {
  const spans = Array.from({ length: SPANS }, (_, i) => ({
    traceId: Buffer.alloc(16, (i % 255) + 1),
    spanId: Buffer.alloc(8, (i % 255) + 1),
    parentSpanId: Buffer.alloc(8, 7),
    name: 'GET /items',
    kind: 2,
    startTimeUnixNano: '1795400000000000000',
    endTimeUnixNano: '1795400000001000000',
    attributes: Array.from({ length: 8 }, (_, n) => ({
      key: `http.attribute.${n}`,
      value: { stringValue: `value ${n} of span ${i}` },
    })),
  }))
  return {
    resourceSpans: [
      {
        resource: { attributes: [{ key: 'service.name', value: { stringValue: 'bench' } }] },
        scopeSpans: [{ scope: { name: 'bench' }, spans }],
      },
    ],
  }
}

interface Running {
  readonly url: string
  readonly pid: number
  stop(): Promise<void>
}

function startCollector(data: string): Promise<Running> {
  const main = fileURLToPath(new URL('../../collector/src/cli/main.ts', import.meta.url))
  const child = spawn(
    process.execPath,
    [
      '--conditions=delegraph-source',
      main,
      'start',
      '--json',
      '--data',
      data,
      '--otlp-port',
      '0',
      '--api-port',
      '0',
    ],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  )
  const gone = new Promise<void>((resolve) => child.once('exit', () => resolve()))
  return new Promise((resolve, reject) => {
    child.once('exit', () => reject(new Error('the collector did not start')))
    child.stdout.once('data', (line: Buffer) => {
      const { otlp } = JSON.parse(line.toString()) as { otlp: string }
      resolve({
        url: `${otlp}/v1/traces`,
        pid: child.pid ?? 0,
        stop: async () => {
          child.kill('SIGTERM')
          await gone
        },
      })
    })
  })
}

async function send(url: string, body: Buffer, count: number, agent: Agent): Promise<void> {
  let left = count
  const worker = async (): Promise<void> => {
    while (left > 0) {
      left -= 1
      const status = await post(url, body, agent)
      if (status !== 200) throw new Error(`the collector answered ${status}`)
    }
  }
  await Promise.all(Array.from({ length: CONNECTIONS }, worker))
}

function post(url: string, body: Buffer, agent: Agent): Promise<number> {
  return new Promise((resolve, reject) => {
    const headers = { 'Content-Type': 'application/x-protobuf', 'Content-Length': body.length }
    const outgoing = request(url, { method: 'POST', agent, headers }, (response) => {
      response.resume()
      response.on('end', () => resolve(response.statusCode ?? 0))
    })
    outgoing.on('error', reject)
    outgoing.end(body)
  })
}

/** User and system time of a process and its threads, from /proc; Linux only. */
function cpuSeconds(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1)?.split(' ') ?? []
  return (Number(fields[11]) + Number(fields[12])) / 100
}

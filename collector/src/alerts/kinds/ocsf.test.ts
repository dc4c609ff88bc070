import { appendFile, mkdtemp, readFile, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Ajv } from 'ajv'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { aFinding, aMessage } from '../testing/finding.ts'
import schema from '../testing/ocsf-detection-finding.schema.json' with { type: 'json' }
import { startStub } from '../testing/stub.ts'
import { detectionFinding, ocsf } from './ocsf.ts'

const never = new AbortController().signal
const conforms = new Ajv({ allErrors: true }).compile(schema)

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ocsf-'))
})
afterEach(() => rm(folder, { recursive: true }))

const full = aFinding('f1', {
  chain: 'chain-1',
  link: 'link-1',
  body: {
    ...aFinding().body,
    counterfactual: 'worker alone would have been denied',
    remedy: { kind: 'approval', sentence: 'alice approves deploy for worker' },
    owner: 'team:platform',
    principal: 'user:alice',
  },
})
const trace = { traceId: '0af7651916cd43dd8448eb211c80319c', spanId: 'b7ad6b7169203331' }

describe('an event', () => {
  test.each([
    ['of a full finding', aMessage({ trace, link: 'https://see.example/f1' }, full)],
    [
      'of one with little to say',
      aMessage({}, aFinding('f2', { certainty: 'unknown', severity: 1 })),
    ],
    ['of a withdrawal', aMessage({ closes: true, occurrences: 7 }, full)],
    ['of one that somebody took on', aMessage({}, full, 'acknowledged')],
    ['of one that is accepted', aMessage({ closes: true }, full, 'accepted')],
  ])('%s conforms to Detection Finding', (_, message) => {
    conforms(detectionFinding(message))
    expect(conforms.errors).toBeNull()
  })

  test('is refused by the schema where something of it is wrong', () => {
    for (const wrong of [
      { severity_id: 7 },
      { time: 'now' },
      { no_such_field: 1 },
      { metadata: {} },
    ]) {
      expect(conforms({ ...detectionFinding(aMessage()), ...wrong })).toBe(false)
    }
  })

  test('says who, by which rule, how sure, and where the proof is', () => {
    expect(detectionFinding(aMessage({ trace }, full))).toMatchObject({
      type_uid: 200401,
      severity_id: 4,
      message: expect.stringMatching(/^\[proven\] /),
      metadata: {
        uid: 'msg_1',
        correlation_uid: 'incident of f1',
        original_event_uid: trace.spanId,
      },
      finding_info: { uid: full.fingerprint, uid_alt: 'f1', analytic: { uid: 'D1', type_id: 1 } },
      evidences: [
        {
          ai_agent: { uid: 'agent:worker', name: 'worker' },
          data: {
            trace_id: trace.traceId,
            proof: { export: expect.stringContaining('export f1') },
          },
        },
      ],
    })
    const closed = detectionFinding(aMessage({ closes: true }, full))
    expect(closed).toMatchObject({ activity_id: 3, type_uid: 200403, status_id: 4 })
    expect(detectionFinding(aMessage({}, full, 'acknowledged'))).toMatchObject({
      activity_id: 2,
      status_id: 2,
      status: 'In Progress',
    })
    expect(detectionFinding(aMessage({ closes: true }, full, 'suppressed'))).toMatchObject({
      activity_id: 3,
      status_id: 3,
    })
  })
})

describe('a file', () => {
  test('has one event a line, for its owner alone, also behind a line that was cut', async () => {
    const file = join(folder, 'findings.ndjson')
    const channel = ocsf({ file })
    expect(await channel.deliver(aMessage(), never)).toEqual({ kind: 'delivered' })
    expect((await stat(file)).mode & 0o777).toBe(0o600)
    await appendFile(file, '{"cut":')
    await channel.deliver(aMessage({ id: 'msg_2' }), never)
    const lines = (await readFile(file, 'utf8')).split('\n')
    expect(lines).toHaveLength(4)
    expect([lines[0], lines[2]].map((line) => JSON.parse(line ?? '').metadata.uid)).toEqual([
      'msg_1',
      'msg_2',
    ])
  })

  test('that cannot be written is tried again', async () => {
    const result = await ocsf({ file: join(folder, 'none', 'f') }).deliver(aMessage(), never)
    expect(result).toEqual({ kind: 'later', reason: 'the file was not written: ENOENT' })
  })
})

test('an address gets the same line', async () => {
  await using stub = await startStub<string>()
  await ocsf({ url: stub.url, bearer: 'token' }).deliver(aMessage(), never)
  const [request] = stub.requests
  expect(request?.headers).toMatchObject({
    'content-type': 'application/x-ndjson',
    authorization: 'Bearer token',
  })
  expect(JSON.parse(request?.text ?? '')).toEqual(
    JSON.parse(JSON.stringify(detectionFinding(aMessage()))),
  )
  expect(request?.text.endsWith('}\n')).toBe(true)
})

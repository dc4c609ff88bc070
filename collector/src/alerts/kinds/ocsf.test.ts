import { appendFile, mkdtemp, readFile, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Hop } from '@delegraph/graph-schema'
import type { PolicyEvaluation } from '@delegraph/link'
import { Ajv } from 'ajv'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { AlertDecision } from '../decided.ts'
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

const evaluation: PolicyEvaluation = {
  ...{ mode: 'enforce', decision: true, policies: ['all'], latency_us: 70, engine: 'cedar/4.13.0' },
}
const allowed: AlertDecision = {
  ...{ id: 'd1', allowed: true, issuer: 'https://ops.example', policy: 'set-1', evaluation },
}
const observed: AlertDecision = {
  ...allowed,
  id: 'd2',
  evaluation: { ...evaluation, mode: 'observe', decision: false, policies: ['none'] },
}
const denied: AlertDecision = { id: 'd3', allowed: false }

describe('an event', () => {
  test.each([
    ['of a full finding', aMessage({ trace, link: 'https://see.example/f1' }, full)],
    [
      'of one with little to say',
      aMessage({}, aFinding('f2', { certainty: 'unknown', severity: 1 })),
    ],
    ['of a withdrawal', aMessage({ closes: true, occurrences: 7 }, full)],
    ['of one that somebody took on', aMessage({}, full, 'acknowledged')],
    ['of one that was decided', aMessage({ decisions: [allowed, observed, denied] }, full)],
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

  test.each([
    [[], undefined, undefined, undefined],
    [[allowed], 1, 'Allowed', ['security_control']],
    [[observed], 3, 'Logged', ['security_control']],
    [[denied], 2, 'Blocked', ['security_control']],
    [[allowed, denied], 2, 'Blocked', ['security_control']],
    [[observed, allowed], 3, 'Logged', ['security_control']],
  ])('says what was decided: %#', (decisions, action_id, disposition, profiles) => {
    const event = detectionFinding(aMessage({ decisions }, full))
    conforms(event)
    expect(conforms.errors).toBeNull()
    expect(event['action_id']).toBe(action_id)
    expect(event['disposition']).toBe(disposition)
    expect(Object(event['metadata']).profiles).toEqual(profiles)
    expect(Object(event['authorizations']).length).toBe(decisions.length || undefined)
  })

  test('names the policy set, what decided of it, and whether it was applied', () => {
    expect(detectionFinding(aMessage({ decisions: [observed] }, full))['policy']).toEqual({
      uid: 'set-1',
      name: 'none',
      type: 'cedar/4.13.0',
      is_applied: false,
      data: {
        decision_uid: 'd2',
        issuer: 'https://ops.example',
        evaluation: observed.evaluation,
      },
    })
    expect(detectionFinding(aMessage({ decisions: [denied] }, full))).not.toHaveProperty('policy')
  })

  test('has the links with their parents, and takes a gap for no root', () => {
    const hop = (link: string, depth: number): Hop => ({
      ...{ link, depth, delegator: 'user:alice', delegate: 'agent:planner', granted: [] },
      ...{ signature: 'valid', outcome: { state: 'ok' }, issuedAt: 10, covers: true },
    })
    const delegationsOf = (...hops: readonly Hop[]) => {
      const finding = aFinding('f1', { body: { ...aFinding().body, hops } })
      const [evidence] = detectionFinding(aMessage({}, finding))['evidences'] as [
        { readonly data: { readonly delegations?: readonly object[] } },
      ]
      return evidence.data.delegations
    }
    expect(delegationsOf(hop('a', 0), hop('b', 1))).toMatchObject([
      { uid: 'a', parent_uid: null, issuer_uid: 'user:alice', created_time: 10_000 },
      { uid: 'b', parent_uid: 'a' },
    ])
    expect(delegationsOf(hop('b', 1))).toMatchObject([{ uid: 'b', parent_uid: 'unknown' }])
    expect(delegationsOf()).toBeUndefined()
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

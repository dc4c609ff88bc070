import { ATTR, EVENT } from '@delegraph/graph-schema'
import { NO_TRUST, type Trust, verifyAccessToken } from '@delegraph/link'
import { createDelegraph, createKey, describeToken } from '@delegraph/sdk'
import { describe, expect, it } from 'vitest'
import { evidenceOfLog, WANTED, WANTED_BODIES } from '../../collector/src/evidence/extract.ts'
import { decodeItems } from '../../collector/src/receive/index.ts'
import { dpopKey, dpopProof, startAuthorizationServer } from '../harness/authorization-server.ts'
import { Story, TRUST } from '../harness/story.ts'

describe('a token of a real authorization server', () => {
  it('bound to a key and shown by a proof is a signed hop of its client', async () => {
    await using server = await startAuthorizationServer()
    const key = await dpopKey()
    const token = await server.token(key, 'deploy')
    const htu = server.resource
    const proof = await dpopProof(key, { htm: 'POST', htu, ath: await athOf(token) })
    const trust: Trust = { ...NO_TRUST, tokenIssuers: [server.issuer] }
    const at = Math.floor(Date.now() / 1000)
    const request = { htm: 'POST', htu, at }
    const reading = verifyAccessToken(token, { issuers: trust.tokenIssuers, proof, request, at })
    expect(reading).toMatchObject({
      outcome: { state: 'ok' },
      grade: 'signed',
      possession: { state: 'ok' },
      hops: [{ delegator: server.issuer.iss, delegate: 'agent:worker', grade: 'signed' }],
      scopes: ['deploy'],
      audience: [server.resource],
    })
    expect(reading.flags).toEqual(['own_behalf', 'scope_unknown'])
    const other = await server.token(key, 'deploy')
    const misfit = verifyAccessToken(other, { issuers: trust.tokenIssuers, proof })
    expect(misfit).toMatchObject({ grade: 'asserted', possession: { detail: 'ath' } })
  })

  it('goes from an agent over OTLP into the graph, and beside the judgement of its call', async () => {
    await using server = await startAuthorizationServer()
    const key = await dpopKey()
    const token = await server.token(key, 'deploy')
    const ath = await athOf(token)
    const proof = await dpopProof(key, { htm: 'POST', htu: server.resource, ath })
    const told = describeToken(token, proof)
    const bodies: string[] = []
    const logger = { emit: (record: object) => bodies.push(JSON.stringify(record)) }
    await using delegraph = createDelegraph({
      agent: 'agent:worker',
      key: await createKey(),
      logger,
    })
    await delegraph.act({ tool: `${server.resource}#deploy`, args: {} }, () => 'done', {
      foreign: told === undefined ? [] : [told],
    })
    const events = bodies.map((body) => JSON.parse(body) as Emitted)
    const event = events.find(({ eventName }) => eventName === EVENT.foreign)
    const evidence = [...decodeItems(recordOf(event), WANTED, WANTED_BODIES)].flatMap((item) =>
      item.kind === 'log' ? evidenceOfLog(item.log) : [],
    )
    expect(evidence).toMatchObject([{ kind: 'foreign', form: 'jwt', text: token, proof }])
    const story = new Story()
    story.trust = { ...TRUST, tokenIssuers: [server.issuer] }
    await story.told([evidence])
    const [hop] = await story.store.find('Link', 'agent', ['agent:worker'])
    expect(hop?.columns).toMatchObject({ profile: 'rfc8693', grade: 'signed', reading: 'ok' })
  })
})

describe('a log record that nobody made for us', () => {
  const event = {
    class_uid: 6003,
    delegation: { uid: 'd-1', issuer_uid: 'https://as.example.com' },
    ai_agent: { uid: 'agent:worker' },
    actor: { user: { uid: 'person:alice' } },
  }

  it('is taken in where it is an OCSF event with a delegation, as text and as a map', () => {
    const asText = evidenceIn({ body: { stringValue: JSON.stringify(event) } })
    const asMap = evidenceIn({ body: { kvlistValue: { values: pairs(event) } } })
    expect(asText).toMatchObject([{ kind: 'foreign', form: 'ocsf' }])
    expect(asMap).toEqual(asText)
  })

  it.each([
    '{"class_uid":6003,"message":"no word of it"}',
    '{"delegation":{"uid":"d-1"}}',
    '{"class_uid":6003,"delegation":"d-1"}',
    '"delegation" is a word in this line',
    '{"class_uid":6003,"delegation":{"uid":1}}',
  ])('is passed over where it is none: %s', (body) => {
    expect(evidenceIn({ body: { stringValue: body } })).toEqual([])
  })
})

interface Emitted {
  readonly eventName: string
  readonly body: string
  readonly attributes: Readonly<Record<string, string | readonly string[]>>
}

function recordOf(event: Emitted | undefined) {
  const proofs = event?.attributes[ATTR.foreignDpop] ?? []
  const values = [proofs].flat().map((stringValue) => ({ stringValue }))
  return journaled({
    eventName: event?.eventName,
    body: { stringValue: event?.body },
    attributes: [{ key: ATTR.foreignDpop, value: { arrayValue: { values } } }],
  })
}

function journaled(record: object) {
  const body = { resourceLogs: [{ scopeLogs: [{ logRecords: [record] }] }] }
  return {
    seq: 1,
    tenant: 'default',
    contentEncoding: '',
    kind: 'otlp-logs',
    receivedAt: 1,
    payload: Buffer.from(JSON.stringify(body)),
    contentType: 'application/json',
  } as const
}

function evidenceIn(record: object) {
  return [...decodeItems(journaled(record), WANTED, WANTED_BODIES)].flatMap((item) =>
    item.kind === 'log' ? evidenceOfLog(item.log) : [],
  )
}

function pairs(value: object): object[] {
  return Object.entries(value).map(([key, item]) => ({ key, value: anyValue(item) }))
}

function anyValue(item: unknown): object {
  if (typeof item === 'number') return { intValue: item }
  return typeof item === 'string'
    ? { stringValue: item }
    : { kvlistValue: { values: pairs(item as object) } }
}

async function athOf(token: string): Promise<string> {
  const digest = await crypto.subtle.digest('SHA-256', Buffer.from(token))
  return Buffer.from(digest).toString('base64url')
}

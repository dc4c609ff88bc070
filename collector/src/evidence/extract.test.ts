import { ATTR, EVENT } from '@delegraph/graph-schema'
import { textDigest } from '@delegraph/link'
import { describe, expect, it } from 'vitest'
import { keyOf, Story, TOOL } from '../../../test/harness/story.ts'
import { type DecodedLog, type DecodedSpan, decodeRecord } from '../receive/index.ts'
import { evidenceOfLog, evidenceOfSpan, WANTED } from './extract.ts'
import { parseEvidence } from './parse.ts'

const H = textDigest('content')

const span = (attributes: DecodedSpan['attributes']): DecodedSpan => ({
  ...{ traceId: 'a'.repeat(32), spanId: 'b'.repeat(16), idsInvalid: false, name: 'x', kind: 1 },
  ...{ startNs: 1_500_000_000n, endNs: 1_600_000_000n, statusCode: 0, links: [] },
  ...{ attributes, resource: {}, flags: [], droppedAttributes: 0, scopeName: '' },
})

const log = (eventName: string, more: Partial<DecodedLog>): DecodedLog => ({
  ...{ timeNs: 1_500_000_000n, observedNs: 0n, severity: 9, eventName },
  ...{ attributes: {}, resource: {}, flags: [], droppedAttributes: 0, scopeName: '' },
  ...more,
})

describe('a movement of data', () => {
  it('comes on a span or as a record, and names content by hashes alone', () => {
    const attributes = {
      [ATTR.dataOp]: 'read',
      [ATTR.dataIn]: [H, 'the secret itself', H],
      [ATTR.agentId]: 'agent:a',
      [ATTR.resource]: 'memory:1',
      [ATTR.dataSource]: 'agent:b',
    }
    const facts = { op: 'read', at: 1500, data: [H], agent: 'agent:a', peer: 'agent:b' }
    const [onSpan] = evidenceOfSpan(span(attributes))
    const [onLog] = evidenceOfLog(log(EVENT.data, { attributes }))
    expect(onSpan).toMatchObject({ kind: 'movement', facts })
    expect(onLog).toMatchObject({ kind: 'movement', facts })
    expect(JSON.stringify([onSpan, onLog])).not.toContain('secret')
    expect(evidenceOfLog(log(EVENT.data, { attributes: { [ATTR.dataOp]: 'stole' } }))).toEqual([])
  })
})

describe('an unsigned statement', () => {
  it('is named by its canonical form, and one of another form is kept as it is', () => {
    const [a] = evidenceOfLog(
      log(EVENT.asserted, { body: '{"type":"withdrawal","what":"task","id":"t","iat":1}' }),
    )
    const [b] = evidenceOfLog(
      log(EVENT.asserted, {
        body: '{ "iat": 1, "id": "t", "what": "task", "type": "withdrawal" }',
      }),
    )
    expect(a).toEqual(b)
    expect(a).toMatchObject({ kind: 'asserted', record: { what: 'task' } })
    for (const body of ['{', '[]', '{"type":"link"}', `{"a":"${'x'.repeat(20_000)}"}`]) {
      const [bad] = evidenceOfLog(log(EVENT.asserted, { body }))
      expect(bad).toMatchObject({ kind: 'asserted' })
      expect(bad).not.toHaveProperty('record')
      expect((bad as { text: string }).text.length).toBeLessThanOrEqual(16_384)
    }
  })
})

describe('a depth or a parent', () => {
  it('is reported only where it is not the signed one', () => {
    const link = new Story().root('agent:a', { [TOOL.status]: {} }, { signer: keyOf('root') })
    const reports = (attributes: Record<string, string | number>) =>
      evidenceOfLog(log(EVENT.link, { body: link.text, attributes })).filter(
        ({ kind }) => kind === 'report',
      )
    expect(reports({ [ATTR.depth]: 0 })).toEqual([])
    expect(reports({ [ATTR.depth]: 2 })).toMatchObject([{ link: link.hash, depth: 2 }])
    expect(reports({ [ATTR.parentHash]: H })).toMatchObject([{ link: link.hash, parent: H }])
    expect(reports({ [ATTR.parentHash]: 'not a hash' })).toEqual([])
  })
})

describe('the running instance of an agent', () => {
  const attribute = (key: string, value: string) => ({ key, value: { stringValue: value } })
  const spans = (instance: string) => {
    const ids = { traceId: 'a'.repeat(32), spanId: 'b'.repeat(16), name: 'x', kind: 1 }
    const times = { startTimeUnixNano: '1500000000', endTimeUnixNano: '1600000000' }
    const body = {
      resourceSpans: [
        {
          resource: {
            attributes: [
              attribute('service.instance.id', instance),
              attribute('service.name', 'payroll'),
            ],
          },
          scopeSpans: [
            {
              spans: [
                { ...ids, ...times, attributes: [attribute(ATTR.tool, TOOL.deploy)] },
                { ...ids, ...times, spanId: 'c'.repeat(16), attributes: [attribute('other', 'x')] },
              ],
            },
          ],
        },
      ],
    }
    const payload = Buffer.from(JSON.stringify(body))
    const record = { kind: 'otlp-traces', contentType: 'application/json', payload } as never
    return decodeRecord(record, WANTED).spans
  }

  it('is that of the resource, and makes no span worth reading by itself', () => {
    const [own, ...others] = spans('pod-1')
    expect(others).toEqual([])
    const [call] = own === undefined ? [] : evidenceOfSpan(own)
    expect(call).toMatchObject({ kind: 'span', facts: { instance: 'pod-1' } })
    expect(JSON.stringify(call)).not.toContain('payroll')
    expect(parseEvidence(JSON.parse(JSON.stringify(call)))).toEqual(call)
  })

  it('is cut where it is longer than any that is one', () => {
    const [own] = spans('x'.repeat(3_000))
    const [call] = own === undefined ? [] : evidenceOfSpan(own)
    expect(call).toMatchObject({ facts: { instance: 'x'.repeat(255) } })
  })
})

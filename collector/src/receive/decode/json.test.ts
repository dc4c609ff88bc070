import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { decodeJson } from './json.ts'
import { OtlpDecodeError, type Signal, type Wanted } from './types.ts'

const WANTED: Wanted = ['delegation.']

function outcome(body: unknown, signal: Signal, wanted: Wanted): string {
  try {
    decodeJson(Buffer.from(JSON.stringify(body)), signal, wanted)
    return 'accepted'
  } catch (error) {
    expect(error).toBeInstanceOf(OtlpDecodeError)
    return 'refused'
  }
}

function spans(span: object) {
  return { resourceSpans: [{ scopeSpans: [{ spans: [span] }] }] }
}

function logs(log: object) {
  return { resourceLogs: [{ scopeLogs: [{ logRecords: [log] }] }] }
}

const TOOL = [{ key: 'delegation.tool', value: { stringValue: 'urn:x' } }]

describe('the JSON decoder', () => {
  it('refuses at the door whatever it could not read again from the journal', () => {
    const bad: [Signal, object][] = [
      ['traces', spans({ attributes: TOOL, startTimeUnixNano: 'soon' })],
      ['traces', spans({ attributes: TOOL, endTimeUnixNano: '-1' })],
      ['traces', spans({ attributes: TOOL, kind: 'client' })],
      ['traces', spans({ attributes: TOOL, status: { code: 1.5 } })],
      ['traces', spans({ attributes: TOOL, traceId: 7 })],
      ['logs', logs({ eventName: 'delegation.link', body: 'text' })],
      ['logs', logs({ eventName: 'delegation.link', body: { intValue: 'many' } })],
      ['logs', logs({ eventName: 7 })],
    ]
    for (const [signal, body] of bad) {
      expect(outcome(body, signal, [])).toBe('refused')
      expect(outcome(body, signal, WANTED)).toBe('refused')
    }
  })

  it('answers alike for any body, whatever is wanted of it', () => {
    const value = fc.oneof(
      fc.constant({ stringValue: 'x' }),
      fc.constant({ intValue: '7' }),
      fc.jsonValue({ maxDepth: 3 }),
    )
    const attribute = fc.record({
      key: fc.constantFrom('delegation.tool', 'other'),
      value,
    })
    const item = fc.record(
      {
        attributes: fc.oneof(fc.array(attribute, { maxLength: 2 }), fc.jsonValue()),
        traceId: fc.oneof(fc.constant('ab'.repeat(16)), fc.jsonValue()),
        startTimeUnixNano: fc.oneof(fc.constant('1'), fc.jsonValue()),
        kind: fc.oneof(fc.constant(3), fc.jsonValue()),
        status: fc.jsonValue(),
        eventName: fc.oneof(fc.constant('delegation.link'), fc.jsonValue()),
        body: value,
      },
      { requiredKeys: [] },
    )
    let accepted = 0
    fc.assert(
      fc.property(item, (one) => {
        for (const [signal, body] of [
          ['traces', spans(one)],
          ['logs', logs(one)],
        ] as const) {
          const atTheDoor = outcome(body, signal, [])
          expect(outcome(body, signal, WANTED)).toBe(atTheDoor)
          if (atTheDoor === 'accepted') accepted += 1
        }
      }),
      { numRuns: 3_000, seed: 20261124 },
    )
    expect(accepted).toBeGreaterThan(100)
  })
})

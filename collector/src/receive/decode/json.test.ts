import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { decodeJson } from './json.ts'
import { decodeProtobuf } from './protobuf.ts'
import { drawFrom, mutated } from './testing/random.ts'
import { canonical, encode } from './testing/reference.ts'
import {
  type DecodedItem,
  type DecodedSpan,
  OtlpDecodeError,
  type Signal,
  type Wanted,
} from './types.ts'

const WANTED: Wanted = ['delegation.']

function outcome(body: unknown, signal: Signal, wanted: Wanted): string {
  try {
    Array.from(decodeJson(Buffer.from(JSON.stringify(body)), signal, wanted))
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

function decode(text: string | Buffer, signal: Signal = 'traces'): DecodedItem[] {
  return [...decodeJson(Buffer.from(text), signal, ['k'])]
}

function spanOf(members: string): DecodedSpan {
  const [item] = decode(`{"resourceSpans":[{"scopeSpans":[{"spans":[{${members}}]}]}]}`)
  if (item?.kind !== 'span') throw new Error('no span')
  return item.span
}

function jsonValueOf(value: string): unknown {
  return spanOf(`"attributes":[{"key":"k","value":${value}}]`).attributes['k']
}

const SOME = '"attributes":[{"key":"k","value":{"stringValue":"x"}}]'

describe('OTLP/JSON', () => {
  it('says the same as protobuf', () => {
    const attributes = [
      { key: 'k1', value: { stringValue: 'ünï ☃' } },
      { key: 'k2', value: { intValue: '-7' } },
      { key: 'k3', value: { arrayValue: { values: [{ boolValue: true }, { doubleValue: 0.5 }] } } },
      { key: 'k4', value: { kvlistValue: { values: [{ key: 'a', value: { intValue: '1' } }] } } },
      { key: 'k5', value: {} },
      { key: 'k6', value: { bytesValue: 'AAH/' } },
    ]
    const ids = { traceId: 'AB'.repeat(16), spanId: 'cd'.repeat(8) }
    const span = {
      ...ids,
      parentSpanId: 'ef'.repeat(8),
      name: 'n',
      kind: 3,
      startTimeUnixNano: '1795400000000000001',
      endTimeUnixNano: '1795400001000000000',
      attributes,
      droppedAttributesCount: 2,
      events: [{ name: 'e', timeUnixNano: '1', attributes }],
      links: [{ ...ids, attributes }],
      status: { code: 2, message: 'm' },
    }
    const log = {
      ...ids,
      timeUnixNano: '1',
      observedTimeUnixNano: '2',
      severityNumber: 9,
      eventName: 'k.event',
      body: { stringValue: 'b' },
      attributes,
      flags: 1,
    }
    const resource = { attributes }
    const scope = { name: 's', version: '1', attributes }
    const requests: [Signal, object][] = [
      ['traces', { resourceSpans: [{ scopeSpans: [{ spans: [span], scope }], resource }] }],
      ['logs', { resourceLogs: [{ scopeLogs: [{ logRecords: [log], scope }], resource }] }],
    ]
    for (const [signal, request] of requests) {
      const [fromJson] = decode(JSON.stringify(request), signal)
      // Ids and text as bytes, which is what the schema of the reference has.
      const binary: unknown = JSON.parse(JSON.stringify(request), (key, value: unknown) => {
        if (typeof value !== 'string') return value
        if (key.endsWith('Id')) return [...Buffer.from(value, 'hex')]
        if (key === 'bytesValue') return [...Buffer.from(value, 'base64')]
        return /Nano$|^intValue$/.test(key) ? value : [...Buffer.from(value)]
      })
      const [fromProtobuf] = decodeProtobuf(encode(signal, Object(binary)), signal, ['k'])
      if (fromJson === undefined || fromProtobuf === undefined) throw new Error('no item')
      expect(canonical(fromJson)).toEqual({
        ...canonical(fromProtobuf),
        // protobufjs wrote the time as a double.
        ...(signal === 'traces' ? { startNs: 'n:1795400000000000000' } : {}),
      })
    }
    expect(spanOf(`${SOME},"startTimeUnixNano":"1795400000000000001"`).startNs).toBe(
      1_795_400_000_000_000_001n,
    )
  })

  it('takes 64-bit integers as text or number, exactly, within their range', () => {
    expect(jsonValueOf('{"intValue":7}')).toBe(7)
    expect(jsonValueOf('{"intValue":"-9223372036854775808"}')).toBe(-9_223_372_036_854_775_808n)
    expect(jsonValueOf('{"intValue":9007199254740993}')).toBe(9_007_199_254_740_993n)
    expect(jsonValueOf('{"intValue":1e3}')).toBe(1000)
    expect(jsonValueOf('{"intValue":5.0}')).toBe(5)
    expect(spanOf(`${SOME},"startTimeUnixNano":1795400000000000001`).startNs).toBe(
      1_795_400_000_000_000_001n,
    )
    const near = ['""', '" 1"', '"0x10"', '1.5', '"9223372036854775808"', '1e300', '"1_0"', 'true']
    for (const text of near)
      expect(() => jsonValueOf(`{"intValue":${text}}`)).toThrow(OtlpDecodeError)
    expect(() => spanOf(`${SOME},"endTimeUnixNano":"-1"`)).toThrow(OtlpDecodeError)
    expect(() => spanOf(`${SOME},"droppedAttributesCount":-1`)).toThrow(OtlpDecodeError)
  })

  it('takes doubles as number or text, also those that are not finite', () => {
    expect(jsonValueOf('{"doubleValue":-0.5e-2}')).toBe(-0.005)
    expect(jsonValueOf('{"doubleValue":"Infinity"}')).toBe(Number.POSITIVE_INFINITY)
    expect(jsonValueOf('{"doubleValue":"NaN"}')).toBeNaN()
    for (const text of ['"nan"', '""', '"1,5"', '"0x1"', 'Infinity']) {
      expect(() => jsonValueOf(`{"doubleValue":${text}}`)).toThrow(OtlpDecodeError)
    }
  })

  it('takes ids as hex in any case; others make a span without valid ids', () => {
    const ids = (trace: string, span: string) =>
      spanOf(`${SOME},"traceId":"${trace}","spanId":"${span}"`)
    const good = ids('aB'.repeat(16), 'Cd'.repeat(8))
    expect(good).toMatchObject({ traceId: 'ab'.repeat(16), idsInvalid: false })
    for (const bad of ['0'.repeat(32), 'ab'.repeat(15), 'xy'.repeat(16), `${'ab'.repeat(16)}0`]) {
      expect(ids(bad, 'cd'.repeat(8))).toMatchObject({ traceId: '', idsInvalid: true })
    }
  })

  it('passes over members that it does not know, null, white space and a byte order mark', () => {
    const text = `{"x":[1,{"y":null}], "resourceSpans" :\t[ { "scopeSpans":\r\n[{"spans":[{
      "later":{"a":[true,false,-1.5e+7,"\\u00e9\\n"]}, "name":null, ${SOME}}], "schemaUrl":null}]}]} `
    expect(decode(`\ufeff${text}`)).toHaveLength(1)
    expect(decode('{"resourceSpans":null}')).toEqual([])
    expect(decode('{}')).toEqual([])
  })

  it('finds the key behind its value, and names with escapes', () => {
    const span = spanOf(
      '"attr\\u0069butes":[{"value":{"stringValue":"a\\"\\ud83d\\ude00"},"key":"\\u006b1"}]',
    )
    expect({ ...span.attributes }).toEqual({ k1: 'a"😀' })
  })

  it('replaces what is no text, and says so', () => {
    expect(spanOf('"attributes":[{"key":"k","value":{"stringValue":"\\ud800"}}]')).toMatchObject({
      attributes: { k: '\ufffd' },
      flags: ['text_replaced'],
    })
    const [before, after] = `{"resourceSpans":[{"scopeSpans":[{"spans":[{${SOME}}]}]}]}`.split(
      '"x"',
    )
    const body = Buffer.concat([
      Buffer.from(`${before}"`),
      Buffer.from([0xc3, 0x28]),
      Buffer.from(`"${after}`),
    ])
    expect(decode(body)).toMatchObject([
      { span: { attributes: { k: '\ufffd(' }, flags: ['text_replaced'] } },
    ])
  })

  it('refuses a known member that comes twice, since parsers differ in which they take', () => {
    expect(() => spanOf(`"name":"a","name":"b",${SOME}`)).toThrow(/name comes twice/)
    expect(() => decode('{"resourceSpans":[],"resourceSpans":[]}')).toThrow(/comes twice/)
    expect(() => spanOf('"attributes":[{"key":"a","key":"k","value":{}}]')).toThrow(/comes twice/)
    expect(() => jsonValueOf('{"stringValue":"a","intValue":1}')).toThrow(/two kinds/)
    expect(jsonValueOf('{"stringValue":"a","intValue":null}')).toBe('a')
    expect(spanOf(`"x":1,"x":2,${SOME}`).flags).toEqual([])
  })

  it('takes the last of a repeated attribute, and says so', () => {
    const span = spanOf(
      '"attributes":[{"key":"k","value":{"intValue":1}},{"key":"k","value":{"intValue":2}}]',
    )
    expect(span).toMatchObject({ attributes: { k: 2 }, flags: ['attribute_repeated'] })
  })

  it('refuses what is no JSON, wherever it is, as JSON.parse does', () => {
    const draw = drawFrom(7)
    const good = Buffer.from(
      `{"u":[1,-2.5e3,"\\u00e9\\\\",true,null,{}],"resourceSpans":[{"scopeSpans":[{"spans":[{"name":"n",${SOME}}]}]}]}`,
    )
    let refused = 0
    for (let i = 0; i < 20_000; i += 1) {
      const text = mutated(good, draw)
      const isJson = accepts(() => JSON.parse(text.toString('utf8').replace(/^\ufeff/, '')))
      if (isJson) continue
      refused += 1
      expect(() => decode(text), text.toString()).toThrow(OtlpDecodeError)
    }
    expect(refused).toBeGreaterThan(5_000)
  })

  it('bounds nesting: 32 for values, and something for what it does not know', () => {
    const nested = (depth: number, open: string, close: string) =>
      `${open.repeat(depth - 1)}{"intValue":1}${close.repeat(depth - 1)}`
    for (const [open, close] of [
      ['{"arrayValue":{"values":[', ']}}'],
      ['{"kvlistValue":{"values":[{"key":"a","value":', '}]}}'],
    ] as const) {
      for (const key of ['k', 'other']) {
        const span = (depth: number) =>
          `{"resourceSpans":[{"scopeSpans":[{"spans":[{"events":[{"attributes":[{"key":"${key}","value":${nested(depth, open, close)}}]}]}]}]}]}`
        expect(accepts(() => decode(span(32)))).toBe(true)
        expect(() => decode(span(33))).toThrow(/too deeply/)
      }
    }
    expect(() => decode(`{"x":${'['.repeat(1_000_000)}`)).toThrow(/too deeply/)
    expect(() => decode('{"x":'.repeat(1_000_000))).toThrow(/too deeply/)
  })

  it('walks twenty million empty objects without making them', () => {
    const body = Buffer.alloc(60_000_000, '{},')
    const text = Buffer.concat([Buffer.from('{"resourceSpans":['), body, Buffer.from('{}]}')])
    const before = process.memoryUsage().heapUsed
    expect([...decodeJson(text, 'traces', ['k'])]).toEqual([])
    expect(process.memoryUsage().heapUsed - before).toBeLessThan(200_000_000)
  })
})

function accepts(attempt: () => unknown): boolean {
  try {
    attempt()
    return true
  } catch {
    return false
  }
}

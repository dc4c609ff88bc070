import protobuf from 'protobufjs'
import { describe, expect, it } from 'vitest'
import { OTLP } from '../../../../test/harness/otlp-schema.ts'
import { decodeProtobuf } from './protobuf.ts'
import { type DecodedSpan, OtlpDecodeError } from './types.ts'

const TRACES = protobuf.Root.fromJSON(OTLP).lookupType('ExportTraceServiceRequest')
const EVERYTHING = ['']

/** Small numbers from a seed, the same at every run. */
function generator(seed: number): (below: number) => number {
  let state = seed
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return Math.floor((state / 2 ** 32) * below)
  }
}

function randomValue(next: (below: number) => number, depth = 0): object {
  switch (next(depth > 2 ? 5 : 7)) {
    case 0:
      return { stringValue: `text ${next(1000)} ☃` }
    case 1:
      return { boolValue: next(2) === 1 }
    case 2:
      return { intValue: next(2) === 1 ? next(100) : `-${next(1_000_000_000)}` }
    case 3:
      return { doubleValue: next(1000) / 7 }
    case 4:
      return { stringValue: 'x'.repeat(next(300)) }
    case 5:
      return {
        arrayValue: { values: [randomValue(next, depth + 1), randomValue(next, depth + 1)] },
      }
    default:
      return {
        kvlistValue: { values: [{ key: `k${next(3)}`, value: randomValue(next, depth + 1) }] },
      }
  }
}

function randomBody(seed: number): Buffer {
  const next = generator(seed)
  const span = () => ({
    traceId: Buffer.from(Array.from({ length: 16 }, () => next(256))),
    spanId: Buffer.from(Array.from({ length: 8 }, () => next(256))),
    parentSpanId: next(2) === 0 ? Buffer.alloc(0) : Buffer.alloc(8, next(255) + 1),
    name: `span ${next(100)}`,
    kind: next(6),
    startTimeUnixNano: `17954000${next(90) + 10}000000000`,
    endTimeUnixNano: `17954001${next(90) + 10}000000000`,
    attributes: Array.from({ length: next(6) }, (_, i) => ({
      key: `a${i}`,
      value: randomValue(next),
    })),
    events:
      next(3) === 0 ? [{ name: 'e', attributes: [{ key: 'x', value: randomValue(next) }] }] : [],
    status: next(2) === 0 ? { code: next(3), message: 'm' } : undefined,
  })
  const scope = () => ({
    scope: { name: 'scope', version: '1' },
    spans: Array.from({ length: next(4) }, span),
  })
  const request = {
    resourceSpans: Array.from({ length: 1 + next(2) }, () => ({
      resource: { attributes: [{ key: 'service.name', value: randomValue(next) }] },
      scopeSpans: Array.from({ length: 1 + next(2) }, scope),
    })),
  }
  return Buffer.from(TRACES.encode(TRACES.fromObject(request)).finish())
}

interface ProtoSpan {
  readonly traceId?: Uint8Array
  readonly spanId?: Uint8Array
  readonly name?: string
  readonly attributes?: readonly { readonly key?: string }[]
}

/** What protobufjs reads, in the terms that both decoders share. */
function byReference(bytes: Buffer): string[] {
  const request = TRACES.toObject(TRACES.decode(bytes), { arrays: true, objects: true }) as {
    resourceSpans: { scopeSpans: { spans: ProtoSpan[] }[] }[]
  }
  const spans = request.resourceSpans.flatMap((g) => g.scopeSpans.flatMap((s) => s.spans))
  return spans
    .filter((span) => (span.attributes ?? []).length > 0)
    .map((span) =>
      describeSpan(
        hex(span.traceId),
        hex(span.spanId),
        span.name ?? '',
        (span.attributes ?? []).map((a) => a.key ?? ''),
      ),
    )
}

function byUs(bytes: Buffer): string[] {
  return decodeProtobuf(bytes, 'traces', EVERYTHING).spans.map((span: DecodedSpan) =>
    describeSpan(span.traceId, span.spanId, span.name, Object.keys(span.attributes)),
  )
}

function describeSpan(trace: string, span: string, name: string, keys: readonly string[]): string {
  const valid = (id: string, length: number) => (id.length === length && !/^0*$/.test(id) ? id : '')
  return `${valid(trace, 32)} ${valid(span, 16)} ${name.slice(0, 256)} ${[...new Set(keys)].sort().join(',')}`
}

function hex(bytes: Uint8Array | undefined): string {
  return Buffer.from(bytes ?? []).toString('hex')
}

function accepts(decode: () => unknown): boolean {
  try {
    decode()
    return true
  } catch {
    return false
  }
}

describe('the protobuf decoder against protobufjs', () => {
  it('reads the same spans from every well-formed body', () => {
    for (let seed = 1; seed <= 300; seed += 1) {
      const bytes = randomBody(seed)
      expect(byUs(bytes)).toEqual(byReference(bytes))
    }
  })

  it('never disagrees on a mutated body that both accept, and throws one kind of error', () => {
    const next = generator(7)
    const rounds = Number(process.env['DELEGRAPH_FUZZ_RUNS'] ?? 4_000)
    let both = 0
    let onlyUs = 0
    for (let round = 0; round < rounds; round += 1) {
      const bytes = Buffer.from(randomBody(1 + (round % 50)))
      for (let i = 0; i <= next(3); i += 1) bytes.writeUInt8(next(256), next(bytes.length))
      const cut = next(4) === 0 ? bytes.subarray(0, next(bytes.length)) : bytes
      let ours: string[] | undefined
      try {
        ours = byUs(cut)
      } catch (error) {
        expect(error).toBeInstanceOf(OtlpDecodeError)
      }
      // What is accepted at the door must be readable from the journal, and the other way round.
      expect(accepts(() => decodeProtobuf(cut, 'traces', []))).toBe(ours !== undefined)
      let theirs: string[] | undefined
      try {
        theirs = byReference(cut)
      } catch {
        // A difference in what is accepted is counted below, not compared.
      }
      if (ours !== undefined && theirs === undefined) onlyUs += 1
      if (ours === undefined || theirs === undefined) continue
      both += 1
      // Text that is not UTF-8 is replaced here and may be refused there; names can differ by it.
      const plain = (lines: string[]) => lines.filter((line) => !line.includes('\ufffd'))
      if (plain(ours).length === ours.length) expect(plain(ours)).toEqual(plain(theirs))
    }
    expect(both).toBeGreaterThan(rounds / 8)
    expect(onlyUs).toBeLessThan(rounds / 2)
  }, 120_000)

  it('keeps a key named like a member of every object', () => {
    const span = {
      traceId: Buffer.alloc(16, 1),
      spanId: Buffer.alloc(8, 1),
      attributes: [{ key: '__proto__', value: { stringValue: 'x' } }],
    }
    const request = { resourceSpans: [{ scopeSpans: [{ spans: [span] }] }] }
    const bytes = Buffer.from(TRACES.encode(TRACES.fromObject(request)).finish())
    const [decoded] = decodeProtobuf(bytes, 'traces', EVERYTHING).spans
    expect(Object.keys(decoded?.attributes ?? {})).toEqual(['__proto__'])
  })
})

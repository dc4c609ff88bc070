import { describe, expect, it } from 'vitest'
import { decodeProtobuf } from './protobuf.ts'
import { drawFrom, mutated, randomLogs, randomTraces } from './testing/random.ts'
import { byReference, byUs, encode, OneofSwitched } from './testing/reference.ts'
import { type AttributeValue, type DecodedSpan, OtlpDecodeError, type Signal } from './types.ts'

const LONG_VARINT = 'OtlpDecodeError: a varint does not end'
const SIGNALS: readonly Signal[] = ['traces', 'logs']

function randomBody(signal: Signal, seed: number): Buffer {
  const draw = drawFrom(seed)
  return encode(signal, signal === 'traces' ? randomTraces(draw) : randomLogs(draw))
}

/** What a decoder says: its items, or why it refuses the body. */
function outcome(decode: () => string[]): string[] | string {
  try {
    return decode()
  } catch (error) {
    if (error instanceof OneofSwitched || !(error instanceof Error)) throw error
    return `${error.name}: ${error.message}`
  }
}

describe('the protobuf decoder against protobufjs', () => {
  for (const signal of SIGNALS) {
    it(`reads the same from every well-formed body of ${signal}`, () => {
      for (let seed = 1; seed <= 300; seed += 1) {
        const bytes = randomBody(signal, seed)
        expect(byUs(bytes, signal)).toEqual(byReference(bytes, signal))
      }
    })

    it(`accepts, refuses and reads the same from mutated bodies of ${signal}`, () => {
      const rounds = Number(process.env['DELEGRAPH_FUZZ_RUNS'] ?? 4_000)
      const from = Number(process.env['DELEGRAPH_FUZZ_SEED'] ?? 1)
      const counts = { accepted: 0, refused: 0, documented: 0 }
      for (let seed = from; seed < from + rounds; seed += 1) {
        const bytes = mutated(randomBody(signal, seed % 500), drawFrom(seed))
        const ours = outcome(() => byUs(bytes, signal))
        // What is only checked before the journal must not fail when it is read again.
        const checked = outcome(() => Array.from(decodeProtobuf(bytes, signal, []), String))
        if (typeof ours === 'string') expect(checked, `seed ${seed}`).toBeTypeOf('string')
        else expect(checked, `seed ${seed}`).toEqual([])
        try {
          const theirs = outcome(() => byReference(bytes, signal))
          // protobufjs passes over unknown varints of any length.
          if (ours === LONG_VARINT && Array.isArray(theirs)) throw new OneofSwitched()
          if (typeof ours === 'string') {
            expect(ours, `seed ${seed}`).toMatch(/^OtlpDecodeError: /)
            expect(theirs, `seed ${seed}`).toBeTypeOf('string')
            counts.refused += 1
          } else {
            expect(ours, `seed ${seed}`).toEqual(theirs)
            counts.accepted += 1
          }
        } catch (error) {
          if (!(error instanceof OneofSwitched)) throw error
          counts.documented += 1
        }
      }
      if (rounds > 4_000) process.stdout.write(`${signal} ${JSON.stringify(counts)}\n`)
      expect(counts.accepted).toBeGreaterThan(rounds / 8)
      expect(counts.refused).toBeGreaterThan(rounds / 8)
      expect(counts.documented).toBeLessThan(rounds / 100)
    }, 1_200_000)
  }
})

function field(number: number, ...parts: readonly (Buffer | string | number)[]): Buffer {
  const body = Buffer.concat(
    parts.map((part) => (typeof part === 'number' ? Buffer.from([part]) : Buffer.from(part))),
  )
  const length: number[] = []
  for (let left = body.length; ; left >>>= 7) {
    length.push(left > 0x7f ? (left & 0x7f) | 0x80 : left)
    if (left <= 0x7f) break
  }
  return Buffer.concat([Buffer.from([(number << 3) | 2, ...length]), body])
}

function attribute(key: string, ...values: readonly Buffer[]): Buffer {
  return field(9, field(1, key), ...values.map((value) => field(2, value)))
}

function spanOf(...fields: readonly Buffer[]): DecodedSpan {
  const body = field(1, field(2, field(2, ...fields)))
  const [item] = decodeProtobuf(body, 'traces', ['k'])
  if (item?.kind !== 'span') throw new Error('no span')
  return item.span
}

function pieced(...pieces: readonly Buffer[]): AttributeValue | undefined {
  return spanOf(attribute('k', ...pieces)).attributes['k']
}

const text = (value: string): Buffer => field(1, value)
const int = (value: number): Buffer => Buffer.from([0x18, value])
const array = (...items: readonly Buffer[]): Buffer =>
  field(5, ...items.map((item) => field(1, item)))

describe('repeated fields follow protobuf', () => {
  it('a scalar that comes again replaces the one before, also with its default', () => {
    expect(spanOf(field(5, 'a'), field(5, 'b'), attribute('k', text('x'))).name).toBe('b')
    expect(spanOf(field(5, 'a'), field(5), attribute('k', text('x'))).name).toBe('')
  })

  it('a message that comes again is merged', () => {
    const code = (value: number) => field(15, Buffer.from([0x18, value]))
    expect(spanOf(code(2), field(15, field(2, 'm')), attribute('k', text('x'))).statusCode).toBe(2)
    expect(spanOf(code(2), code(0), attribute('k', text('x'))).statusCode).toBe(0)
    expect(pieced(text('a'), Buffer.alloc(0))).toBe('a')
    expect(pieced(text('a'), int(5))).toBe(5)
    expect(pieced(array(int(1)), array(int(2)))).toEqual([1, 2])
  })

  it('an array begins anew when another kind of value came in between', () => {
    expect(pieced(array(int(1)), text('a'), array(int(2)))).toEqual([2])
    expect(pieced(Buffer.concat([array(int(1)), text('a'), array(int(2))]))).toEqual([2])
  })

  it('a field in another wire type is unknown', () => {
    expect(pieced(Buffer.from([0x08, 0x01]))).toBeNull()
    expect(pieced(text('a'), Buffer.from([0x08, 0x01]))).toBe('a')
  })

  it('resources and scopes count wherever they stand, and are merged', () => {
    const span = field(2, attribute('k', text('x')))
    const body = field(
      1,
      field(2, span, field(1, field(1, 'late scope'))),
      field(1, field(1, field(1, 'k1'), field(2, text('a')))),
      field(1, field(1, field(1, 'k2'), field(2, text('b')))),
    )
    const [item] = decodeProtobuf(body, 'traces', ['k'])
    expect(item).toMatchObject({
      span: { scopeName: 'late scope', resource: { k1: 'a', k2: 'b' } },
    })
  })
})

describe('what the decoder keeps', () => {
  it('is only the wanted attributes, of a repeated key the last, and says so', () => {
    const span = spanOf(
      attribute('k', text('a')),
      attribute('other', text('b')),
      attribute('k', int(1)),
    )
    expect({ ...span.attributes }).toEqual({ k: 1 })
    expect(span.flags).toEqual(['attribute_repeated'])
    expect(spanOf(attribute('k', text('a'))).flags).toEqual([])
  })

  it('is no span without a wanted attribute, but its structure is walked all the same', () => {
    const good = field(1, field(2, field(2, attribute('other', text('a')))))
    expect([...decodeProtobuf(good, 'traces', ['k'])]).toEqual([])
    const bad = field(1, field(2, field(2, attribute('other', Buffer.from([0x0a, 5])))))
    expect(() => [...decodeProtobuf(bad, 'traces', ['k'])]).toThrow(OtlpDecodeError)
  })

  it('is text with U+FFFD where bytes are not UTF-8, and says so', () => {
    const span = spanOf(attribute('k', field(1, Buffer.from([0x61, 0xff]))))
    expect(span.attributes['k']).toBe('a\ufffd')
    expect(span.flags).toEqual(['text_replaced'])
    expect(spanOf(attribute('k', text('\ufffd'))).flags).toEqual([])
  })

  it('has no prototype to be reached by a key', () => {
    const map = field(6, field(1, field(1, '__proto__'), field(2, text('x'))))
    const span = spanOf(attribute('k', map), attribute('k__proto__', int(1)))
    expect(Object.keys(Object(span.attributes['k']))).toEqual(['__proto__'])
    expect(Object.getPrototypeOf(span.attributes)).toBeNull()
    expect(Object.getPrototypeOf(Object(span.attributes['k']))).toBeNull()
  })

  it('is a 64-bit integer as number when that is exact, else as bigint', () => {
    const varint = (hex: string) => Buffer.concat([Buffer.from([0x18]), Buffer.from(hex, 'hex')])
    expect(pieced(varint('ffffffffffffff0f'))).toBe(Number.MAX_SAFE_INTEGER)
    expect(pieced(varint('8080808080808010'))).toBe(9_007_199_254_740_992n)
    expect(pieced(varint('ffffffffffffffffff01'))).toBe(-1)
    expect(pieced(varint('80808080808080808001'))).toBe(-9_223_372_036_854_775_808n)
  })

  it('is a span whose ids are not valid, marked', () => {
    const some = attribute('k', text('x'))
    const good = [field(1, Buffer.alloc(16, 1)), field(2, Buffer.alloc(8, 1))] as const
    expect(spanOf(...good, some).idsInvalid).toBe(false)
    const near = [
      [good[0]],
      [good[1]],
      [field(1, Buffer.alloc(16)), good[1]],
      [field(1, Buffer.alloc(15, 1)), good[1]],
      [good[0], field(2, Buffer.alloc(9, 1))],
      [good[0], field(2, '0101010101010101')],
    ]
    for (const ids of near) expect(spanOf(...ids, some).idsInvalid).toBe(true)
  })

  it('is bounded for one span, and says what was left out', () => {
    const many = spanOf(
      field(5, 'n'.repeat(2_000)),
      attribute('k1', array(...Array.from({ length: 20_000 }, () => Buffer.alloc(0)))),
      attribute('k2', text('x')),
      ...Array.from({ length: 200 }, () => field(13)),
    )
    expect(Object.keys(many.attributes)).toEqual([])
    expect(many.links).toHaveLength(128)
    expect(many.name).toHaveLength(1_024)
    expect(many.flags).toEqual(['values_cut'])
    const enough = spanOf(
      attribute('k1', array(...Array.from({ length: 16_000 }, () => Buffer.alloc(0)))),
      ...Array.from({ length: 128 }, () => field(13)),
    )
    expect(enough.attributes['k1']).toHaveLength(16_000)
    expect(enough.flags).toEqual([])
  })
})

describe('what the decoder refuses', () => {
  const cases: readonly (readonly [string, Buffer])[] = [
    ['field number 0', Buffer.from([0x02, 0x00])],
    ['wire type 6', Buffer.from([0x0e])],
    ['a tag of six bytes', Buffer.from([0x8a, 0x80, 0x80, 0x80, 0x80, 0x00, 0x00])],
    ['a tag over 32 bits', Buffer.from([0x8a, 0x80, 0x80, 0x80, 0x10, 0x00])],
    ['a length of six bytes', Buffer.from([0x0a, 0x80, 0x80, 0x80, 0x80, 0x80, 0x00])],
    ['a length over 31 bits', Buffer.from([0x0a, 0x80, 0x80, 0x80, 0x80, 0x08])],
    [
      'a varint of eleven bytes',
      // As the kind of a span.
      field(1, field(2, field(2, 0x30, Buffer.alloc(10, 0x80), 0))),
    ],
    ['a varint that does not end', Buffer.from([0x50, 0x80])],
    ['a fixed64 that runs past the body', Buffer.from([0x51, 1, 2, 3])],
    [
      'a length that runs past its message, not past the body',
      Buffer.concat([field(1, 0x12, 5), Buffer.alloc(9)]),
    ],
    [
      'a fixed64 that runs past its message, not past the body',
      Buffer.concat([field(1, 0x51, 5), Buffer.alloc(9)]),
    ],
    ['the end of a group that did not begin', Buffer.from([0x0c])],
    ['a group that does not end', Buffer.from([0x53, 0x08, 0x01])],
    ['a group that ends as another', Buffer.from([0x53, 0x0c])],
    ['groups a thousand deep', Buffer.alloc(1_000, 0x53)],
  ]
  for (const [name, body] of cases) {
    it(name, () => {
      expect(() => [...decodeProtobuf(body, 'traces', [])]).toThrow(OtlpDecodeError)
      expect(() => byReference(body, 'traces')).toThrow()
    })
  }

  it('a value nested 33 deep, not one nested 32 deep, wanted or not', () => {
    const nested = (depth: number): Buffer => {
      let value = text('x')
      for (let i = 1; i < depth; i += 1) value = array(value)
      return field(1, field(2, field(2, attribute('k', value))))
    }
    for (const wanted of [['k'], []]) {
      expect(() => [...decodeProtobuf(nested(33), 'traces', wanted)]).toThrow(/too deeply/)
      expect([...decodeProtobuf(nested(32), 'traces', wanted)]).toHaveLength(wanted.length)
    }
    // Three thousand deep is refused like 33 deep.
    expect(() => [...decodeProtobuf(nested(3_000), 'traces', [])]).toThrow(/too deeply/)
  })

  it('says at which byte', () => {
    const body = field(1, field(2, field(2, Buffer.from([0x0e]))))
    const offset = body.length - 1
    expect(() => [...decodeProtobuf(body, 'traces', [])]).toThrow(
      expect.objectContaining({ message: 'wire type 6', offset: offset + 1 }),
    )
  })
})

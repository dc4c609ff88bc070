/** Draws whole numbers below the one given, the same for the same seed. */
export type Draw = (below: number) => number

export function drawFrom(seed: number): Draw {
  let state = seed >>> 0
  return (below) => {
    // mulberry32: the low bits are as random as the high ones.
    state = (state + 0x6d2b_79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32) * below)
  }
}

function times<T>(count: number, make: (i: number) => T): T[] {
  return Array.from({ length: count }, (_, i) => make(i))
}

const TEXTS = ['', 'text', 'ünï ☃ 𝒳', '\u0000', '__proto__', 'x'.repeat(300)]
const INTEGERS = [
  '0',
  '5',
  '-1',
  '127',
  '128',
  '4294967296',
  '9007199254740993',
  '-9223372036854775808',
]

function text(draw: Draw): Buffer {
  return Buffer.from(TEXTS[draw(TEXTS.length)] ?? '')
}

function value(draw: Draw, depth = 0): object {
  switch (draw(depth > 3 ? 6 : 9)) {
    case 0:
    case 1:
      return { stringValue: text(draw) }
    case 2:
      return { boolValue: draw(2) === 1 }
    case 3:
      return { intValue: INTEGERS[draw(INTEGERS.length)] }
    case 4:
      return { doubleValue: [0.5, -0, 1e300, Number.NaN, Number.NEGATIVE_INFINITY][draw(5)] }
    case 5:
      return draw(2) === 0 ? {} : { bytesValue: Buffer.from([0, 255, draw(256)]) }
    case 6:
      return { arrayValue: { values: times(draw(4), () => value(draw, depth + 1)) } }
    default:
      return { kvlistValue: { values: attributes(draw, draw(4), depth + 1) } }
  }
}

function attributes(draw: Draw, count: number, depth = 0): object[] {
  return times(count, () => ({
    key: draw(8) === 0 ? text(draw) : Buffer.from(`k${draw(5)}`),
    value: draw(12) === 0 ? null : value(draw, depth),
  }))
}

function id(draw: Draw, length: number): Buffer {
  if (draw(10) === 0) return Buffer.alloc(draw(2) * length)
  return Buffer.from(times(draw(12) === 0 ? draw(20) : length, () => draw(256)))
}

function group(draw: Draw, groups: string, items: string, item: () => object): object {
  return {
    ...(draw(5) === 0 ? {} : { resource: { attributes: attributes(draw, draw(3)) } }),
    [groups]: times(draw(3), () => ({
      ...(draw(5) === 0
        ? {}
        : { scope: { name: text(draw), attributes: attributes(draw, draw(2)) } }),
      [items]: times(draw(4), item),
    })),
  }
}

/** An ExportTraceServiceRequest in the shape of the schema in reference.ts. */
export function randomTraces(draw: Draw): object {
  const span = (): object => ({
    traceId: id(draw, 16),
    spanId: id(draw, 8),
    parentSpanId: draw(2) === 0 ? Buffer.alloc(0) : id(draw, 8),
    traceState: text(draw),
    name: text(draw),
    kind: draw(6),
    startTimeUnixNano: `17954000${draw(90) + 10}000000000`,
    endTimeUnixNano: `1795400${draw(90) + 10}0000000001`,
    attributes: attributes(draw, draw(5)),
    droppedAttributesCount: draw(3) === 0 ? draw(300) : 0,
    events: times(draw(8) === 0 ? 2 : 0, () => ({
      name: text(draw),
      attributes: attributes(draw, 1),
    })),
    links: times(draw(6) === 0 ? 2 : 0, () => ({
      traceId: id(draw, 16),
      spanId: id(draw, 8),
      attributes: attributes(draw, draw(2)),
    })),
    ...(draw(2) === 0 ? {} : { status: { code: draw(3), message: text(draw) } }),
  })
  return {
    resourceSpans: times(1 + draw(2), () => group(draw, 'scopeSpans', 'spans', span)),
  }
}

/** An ExportLogsServiceRequest. */
export function randomLogs(draw: Draw): object {
  const log = (): object => ({
    timeUnixNano: `17954000${draw(90) + 10}000000000`,
    observedTimeUnixNano: draw(2) === 0 ? '0' : '18446744073709551615',
    severityNumber: draw(24),
    severityText: text(draw),
    ...(draw(4) === 0 ? {} : { body: value(draw) }),
    attributes: attributes(draw, draw(4)),
    droppedAttributesCount: draw(3) === 0 ? draw(300) : 0,
    flags: draw(2),
    traceId: id(draw, 16),
    spanId: id(draw, 8),
    eventName: text(draw),
  })
  return { resourceLogs: times(1 + draw(2), () => group(draw, 'scopeLogs', 'logRecords', log)) }
}

/** Bytes that parsers like to stumble over: varint ends, tags of groups, lengths beyond the end. */
const AWKWARD = [0x00, 0x01, 0x0a, 0x0b, 0x0c, 0x12, 0x2a, 0x32, 0x4a, 0x7f, 0x80, 0x81, 0xff]

/** A body with a few bytes changed, put in, taken out, doubled or cut off. */
export function mutated(body: Buffer, draw: Draw): Buffer {
  let bytes: Buffer = Buffer.from(body)
  for (let i = 0; i <= draw(4); i += 1) {
    const at = draw(bytes.length + 1)
    const length = 1 + draw(draw(4) === 0 ? 40 : 4)
    const before = bytes.subarray(0, at)
    const chosen = draw(2) === 0 ? draw(256) : (AWKWARD[draw(AWKWARD.length)] ?? 0)
    switch (draw(6)) {
      case 0:
      case 1:
        bytes = Buffer.concat([before, Buffer.from([chosen]), bytes.subarray(at + 1)])
        break
      case 2:
        bytes = Buffer.concat([before, Buffer.alloc(length, chosen), bytes.subarray(at)])
        break
      case 3:
        bytes = Buffer.concat([before, bytes.subarray(at + length)])
        break
      case 4:
        bytes = Buffer.concat([before, bytes.subarray(at, at + length), bytes.subarray(at)])
        break
      default:
        if (draw(6) === 0) bytes = Buffer.from(before)
        else if (at < bytes.length) bytes.writeUInt8(bytes.readUInt8(at) ^ (1 << draw(8)), at)
    }
  }
  return bytes
}

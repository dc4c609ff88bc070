import { LIMITS } from '../constants.ts'

/**
 * The cheap proof of canonical form, RFC 8785, for nearly all that is sent: one pass over ASCII that
 * `JSON.parse` took, which so knows the grammar to hold and looks only at what a text may spell in
 * several ways. True where members are sorted and differ, numbers are short integers, and nothing is
 * escaped or spaced. False where it cannot tell: then the text is printed anew and compared.
 * It costs less than half of that, and a verifier does it for every link.
 */
export function isPlainlyCanonical(json: Uint8Array): boolean {
  if (json.includes(BACKSLASH)) return false
  let depth = 0
  let isName = false
  for (let at = 0; at < json.length; at += 1) {
    switch (json[at]) {
      case QUOTE: {
        const end = endOfString(json, at + 1)
        if (end === UNSURE) return false
        if (isName && !isNextName(json, depth, at + 1, end)) return false
        isName = false
        at = end
        break
      }
      case COLON:
        break
      case COMMA:
        isName = NAME_STARTS[depth] !== LIST
        break
      case OBJECT_START:
      case LIST_START:
        depth += 1
        if (depth > LIMITS.jsonDepth) return false
        isName = json[at] === OBJECT_START
        NAME_STARTS[depth] = isName ? NO_NAME : LIST
        break
      case OBJECT_END:
      case LIST_END:
        depth -= 1
        isName = false
        break
      case T:
      case N:
        at += 'rue'.length
        break
      case F:
        at += 'alse'.length
        break
      default:
        at = endOfInteger(json, at) - 1
        if (at < 0) return false
    }
  }
  return true
}

const QUOTE = 0x22
const COMMA = 0x2c
const MINUS = 0x2d
const ZERO = 0x30
const NINE = 0x39
const COLON = 0x3a
const LIST_START = 0x5b
const BACKSLASH = 0x5c
const LIST_END = 0x5d
const F = 0x66
const N = 0x6e
const T = 0x74
const OBJECT_START = 0x7b
const OBJECT_END = 0x7d

const UNSURE = -1

/** Where the last member name of each open object lies in the text. */
const NAME_STARTS = new Int32Array(LIMITS.jsonDepth + 1)
const NAME_ENDS = new Int32Array(LIMITS.jsonDepth + 1)
/** Name starts that stand for a list, and for an object without a member so far. */
const LIST = -1
const NO_NAME = 0

/** Whether a name comes after the one before it in the same object; it is then the last one. */
function isNextName(json: Uint8Array, depth: number, start: number, end: number): boolean {
  let last = NAME_STARTS[depth] ?? NO_NAME
  const lastEnd = NAME_ENDS[depth] ?? 0
  NAME_STARTS[depth] = start
  NAME_ENDS[depth] = end
  if (last === NO_NAME) return true
  let at = start
  while (last < lastEnd && at < end && json[last] === json[at]) {
    last += 1
    at += 1
  }
  if (last === lastEnd) return at < end
  return at < end && (json[last] ?? 0) < (json[at] ?? 0)
}

/** Where a string without escapes ends. */
function endOfString(json: Uint8Array, start: number): number {
  const { length } = json
  let at = start
  while (at < length && json[at] !== QUOTE) at += 1
  return at < length ? at : UNSURE
}

/** Behind an integer of at most 15 digits, which is printed as it is read; a fraction is unsure. */
function endOfInteger(json: Uint8Array, start: number): number {
  const first = json[start] === MINUS ? start + 1 : start
  let at = first
  while (at < json.length && isDigit(json[at] ?? 0)) at += 1
  if (at === first || at - first > 15) return UNSURE
  return first > start && json[first] === ZERO ? UNSURE : at
}

function isDigit(byte: number): boolean {
  return byte >= ZERO && byte <= NINE
}

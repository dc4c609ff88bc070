import { LIMITS } from '@delegraph/link'
import { SdkError } from '../errors.ts'
import {
  MAX_APPROVALS,
  type Presentation,
  readPresentation,
  type SentPresentation,
} from './presentation.ts'

/**
 * Names of the header fields, in lower case as HTTP/2 and Node have them. The chain never goes by
 * value in headers: the last link does, and the hashes of those above it.
 */
export const HEADER = {
  /** The last link, compact JWS. */
  link: 'delegation-link',
  /** Hashes of the links above it, root first, joined by commas. */
  refs: 'delegation-refs',
  pop: 'delegation-pop',
  salt: 'delegation-salt',
  /** Names of arguments, percent-encoded, joined by commas; `-` stands for none at all. */
  disclosed: 'delegation-disclosed',
  /** Signed approvals, joined by commas. */
  approvals: 'delegation-approvals',
} as const

/** Characters of all our header fields together: Node takes 16 KiB of headers in all. */
export const MAX_HEADERS = 12 * 1024

/**
 * Header fields of a presentation by reference. Throws `SdkError` `too_large` where they would not
 * get through: such a call is to be made in a body.
 */
export function headersOf(sent: SentPresentation): Readonly<Record<string, string>> {
  const { aat_chain: chain = [], aat_refs: refs, aat_pop: pop } = sent
  const { action_disclosed: disclosed, approvals } = sent
  const leaf = chain.at(-1)
  const headers: Readonly<Record<string, string>> = {
    ...(leaf === undefined ? {} : { [HEADER.link]: leaf }),
    ...(refs === undefined ? {} : { [HEADER.refs]: refs.join(',') }),
    ...(pop === undefined ? {} : { [HEADER.pop]: pop }),
    [HEADER.salt]: sent.action_salt,
    ...(disclosed === undefined ? {} : { [HEADER.disclosed]: namesText(disclosed) }),
    ...(approvals === undefined ? {} : { [HEADER.approvals]: approvals.join(',') }),
  }
  if (sizeOf(headers) > MAX_HEADERS)
    throw new SdkError('too_large', `the evidence takes more than ${MAX_HEADERS} bytes of headers`)
  return headers
}

/** `IncomingHttpHeaders` of Node, or `Headers` of Fetch. */
export type HttpHeaders = Headers | Readonly<Record<string, string | readonly string[] | undefined>>

/** Reads what came in headers. Never throws; what is too large is left out and named in `faults`. */
export function presentationFrom(headers: HttpHeaders): Presentation {
  const get = getter(headers)
  const texts = Object.values(HEADER).flatMap((name) => get(name) ?? [])
  const size = texts.reduce((sum, text) => sum + text.length, 0)
  if (size > MAX_HEADERS) return TOO_LARGE
  const link = get(HEADER.link)
  return readPresentation({
    aat_chain: link === undefined ? undefined : [link],
    aat_refs: listOf(get(HEADER.refs), LIMITS.links),
    aat_pop: get(HEADER.pop),
    action_salt: get(HEADER.salt),
    action_disclosed: namesIn(get(HEADER.disclosed)),
    approvals: listOf(get(HEADER.approvals), MAX_APPROVALS),
  })
}

const TOO_LARGE: Presentation = {
  chain: [],
  refs: [],
  approvals: [],
  faults: [{ member: 'aat_chain', code: 'oversized' }],
}

function getter(headers: HttpHeaders): (name: string) => string | undefined {
  if (headers instanceof Headers) return (name) => headers.get(name) ?? undefined
  // Other frameworks keep the names as they were sent.
  const lower = new Map(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]))
  return (name) => {
    const value = lower.get(name)
    return typeof value === 'string' ? value : value?.join(',')
  }
}

/** One more than `max` items are enough to see that there are too many. */
function listOf(text: string | undefined, max: number): readonly string[] | undefined {
  return text?.split(',', max + 1).map((item) => item.trim())
}

function namesText(names: readonly string[]): string {
  return names.length === 0 ? '-' : names.map(encodeURIComponent).join(',')
}

function namesIn(text: string | undefined): readonly string[] | undefined {
  if (text === undefined) return undefined
  if (text === '-') return []
  try {
    return text.split(',').map((name) => decodeURIComponent(name.trim()))
  } catch {
    return undefined
  }
}

function sizeOf(headers: Readonly<Record<string, string>>): number {
  // A colon, a space and the end of the line.
  return Object.entries(headers).reduce(
    (sum, [name, value]) => sum + name.length + value.length + 4,
    0,
  )
}

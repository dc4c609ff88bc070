import type { IncomingMessage } from 'node:http'
import { promisify } from 'node:util'
import { gunzip, gunzipSync } from 'node:zlib'
import type { Share } from './budget.ts'

export type Refused = 'too_large' | 'busy' | 'not_gzip'
export type Body = { readonly bytes: Buffer } | { readonly refused: Refused }

const FIRST_BYTES = 64 * 1024

/**
 * Reads a request body, giving up as soon as it is larger than allowed or than what is left for all
 * bodies together. One buffer that grows: a body sent byte by byte must not become a million buffers.
 *
 * @throws where the sender goes away before the end
 */
export function readBody(request: IncomingMessage, limit: number, share: Share): Promise<Body> {
  const declared = Number(request.headers['content-length'] ?? 0)
  if (declared > limit) return Promise.resolve({ refused: 'too_large' })
  return new Promise((resolve, reject) => {
    let bytes: Buffer = Buffer.alloc(0)
    let size = 0
    const stop = (refused: Refused): void => {
      request.removeAllListeners('data')
      resolve({ refused })
    }
    request.on('data', (part: Buffer) => {
      const needed = size + part.length
      if (needed > limit) {
        stop('too_large')
        return
      }
      if (needed > bytes.length) {
        // A length is a promise: it is believed a step at a time.
        const room = Math.max(needed, Math.min(2 * bytes.length, declared || limit), FIRST_BYTES)
        const capacity = Math.min(room, Math.max(needed, declared || limit))
        if (!share.grow(capacity - bytes.length)) {
          stop('busy')
          return
        }
        const larger = Buffer.allocUnsafeSlow(capacity)
        bytes.copy(larger, 0, 0, size)
        bytes = larger
      }
      part.copy(bytes, size)
      size = needed
    })
    request.on('end', () => resolve({ bytes: bytes.subarray(0, size) }))
    request.on('error', reject)
    request.on('close', () => {
      if (!request.complete) reject(new Error('the sender went away'))
    })
  })
}

const inflate = promisify(gunzip)

/** Bodies up to this size are opened on the thread, if they open to no more than the second. */
const SMALL = 64 * 1024
const SMALL_OPENED = 1024 * 1024

/**
 * Opens a small gzip body on the thread, which for most is quicker than to hand it over; undefined
 * where it opens to more than a small one.
 */
export function openSmall(bytes: Buffer, limit: number): Body | undefined {
  if (bytes.length > SMALL) return undefined
  const opened = openedBy(() =>
    gunzipSync(bytes, { maxOutputLength: Math.min(limit, SMALL_OPENED) }),
  )
  return 'refused' in opened && opened.refused === 'too_large' && limit > SMALL_OPENED
    ? undefined
    : opened
}

/** Opens a gzip body; one that opens to more than allowed is refused before it is opened whole. */
export async function openLarge(bytes: Buffer, limit: number): Promise<Body> {
  try {
    return { bytes: await inflate(bytes, { maxOutputLength: limit }) }
  } catch (error) {
    return { refused: refusalOf(error) }
  }
}

function openedBy(open: () => Buffer): Body {
  try {
    return { bytes: open() }
  } catch (error) {
    return { refused: refusalOf(error) }
  }
}

function refusalOf(error: unknown): Refused {
  const code = error instanceof Error && 'code' in error ? error.code : undefined
  if (code === 'ERR_BUFFER_TOO_LARGE') return 'too_large'
  // Out of memory is ours; everything else zlib says is about the bytes.
  if (code === 'Z_MEM_ERROR') throw error
  return 'not_gzip'
}

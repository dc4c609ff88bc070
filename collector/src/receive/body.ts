import type { IncomingMessage } from 'node:http'
import { promisify } from 'node:util'
import { gunzip } from 'node:zlib'

export type Body = { readonly bytes: Buffer } | { readonly refused: 'too_large' | 'malformed' }

/** Reads a request body, giving up as soon as it is larger than allowed. */
export function readBody(request: IncomingMessage, limit: number): Promise<Body> {
  const declared = Number(request.headers['content-length'] ?? 0)
  if (declared > limit) return Promise.resolve({ refused: 'too_large' })
  return new Promise((resolve, reject) => {
    const parts: Buffer[] = []
    let size = 0
    request.on('data', (part: Buffer) => {
      size += part.length
      if (size > limit) {
        request.removeAllListeners('data')
        resolve({ refused: 'too_large' })
      } else parts.push(part)
    })
    request.on('end', () => resolve({ bytes: Buffer.concat(parts, size) }))
    request.on('error', reject)
    request.on('aborted', () => reject(new Error('the sender went away')))
  })
}

const inflate = promisify(gunzip)

/** Opens a gzip body; one that opens to more than allowed is refused before it is opened whole. */
export async function openBody(bytes: Buffer, encoding: string, limit: number): Promise<Body> {
  if (encoding !== 'gzip') return { bytes }
  try {
    return { bytes: await inflate(bytes, { maxOutputLength: limit }) }
  } catch (error) {
    const tooLarge = (error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE'
    return { refused: tooLarge ? 'too_large' : 'malformed' }
  }
}

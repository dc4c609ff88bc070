import type { IncomingMessage } from 'node:http'
import { promisify } from 'node:util'
import { gunzip as gunzipOf } from 'node:zlib'
import { refusal } from './errors.ts'

const gunzip = promisify(gunzipOf)

/** In lower case and without parameters; empty where the host does not say. */
export function mediaTypeOf(response: IncomingMessage): string {
  const [type = ''] = (response.headers['content-type'] ?? '').split(';')
  return type.trim().toLowerCase()
}

/** The whole body, unpacked. @throws GuardedFetchError */
export async function bodyOf(
  response: IncomingMessage,
  url: URL,
  maxBytes: number,
): Promise<Buffer> {
  const tooLarge = () => refusal(url, 'too_large', `answered with more than ${maxBytes} bytes`)
  const coding = (response.headers['content-encoding'] ?? 'identity').trim().toLowerCase()
  if (coding !== 'identity' && coding !== 'gzip') {
    throw refusal(url, 'content_refused', 'packed its answer in another way than gzip')
  }
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of response as AsyncIterable<Buffer>) {
    size += chunk.length
    if (size > maxBytes) throw tooLarge()
    chunks.push(chunk)
  }
  const packed = Buffer.concat(chunks, size)
  if (coding === 'identity') return packed
  try {
    return await gunzip(packed, { maxOutputLength: maxBytes })
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE') throw tooLarge()
    throw refusal(url, 'content_refused', 'sent gzip that cannot be unpacked')
  }
}

/** A body that came from outside, as text; undefined where it has more than `max` bytes, or is no UTF-8. May reject. */
export async function boundedText(
  body: ReadableStream<Uint8Array> | null,
  max: number,
): Promise<string | undefined> {
  const parts: Uint8Array[] = []
  let size = 0
  // Leaving the loop cancels what is still to come.
  for await (const part of body ?? []) {
    size += part.byteLength
    if (size > max) return undefined
    parts.push(part)
  }
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(Buffer.concat(parts))
  } catch {
    return undefined
  }
}

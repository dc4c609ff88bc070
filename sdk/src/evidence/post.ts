/** What came back. */
export interface PostAnswer {
  /** Absent where no answer came. */
  readonly status: number | undefined
  readonly retryAfter: string | null
  readonly reason: string
}

/** Posts JSON to the configured address and to no other. Never throws. */
export async function post(
  url: string,
  body: string,
  options: { readonly timeout: number; readonly headers: Readonly<Record<string, string>> },
): Promise<PostAnswer> {
  try {
    const response = await fetch(url, {
      method: 'POST',
      headers: { ...options.headers, 'content-type': 'application/json' },
      body,
      // Evidence and credentials go to the configured host and nowhere else.
      redirect: 'manual',
      signal: AbortSignal.timeout(options.timeout),
    })
    const { status } = response
    const retryAfter = response.headers.get('retry-after')
    await discard(response)
    return { status, retryAfter, reason: `HTTP ${status}` }
  } catch (error) {
    const reason = error instanceof Error ? error.name : 'no answer'
    return { status: undefined, retryAfter: null, reason }
  }
}

/** A short answer is read to its end, which keeps the connection; a long one is nobody's business. */
async function discard(response: Response): Promise<void> {
  const length = Number(response.headers.get('content-length') ?? Number.NaN)
  if (length <= 64 * 1024) await response.arrayBuffer()
  else await response.body?.cancel()
}

/** Where evidence goes, and the bearer token for a collector that asks who sends it. */
export interface ReportTo {
  readonly collector: string
  readonly headers?: Readonly<Record<string, string>>
}

/** With `DELEGRAPH_INGEST_TOKEN` where it is set: a demo on loopback has no token. */
export function reportTo(collector: string): ReportTo {
  const token = process.env['DELEGRAPH_INGEST_TOKEN'] ?? ''
  return token === '' ? { collector } : { collector, headers: { authorization: `Bearer ${token}` } }
}

import { z } from 'zod'

const MAX_LINKS = 10

/** The host is said once and for all: nothing of a span decides where a click leads to. */
const ORIGIN = /^https?:\/\/[^/?#{}@\s]+(?=[/?#]|$)/

const template = z
  .string()
  .max(2_048)
  .refine((url) => ORIGIN.test(url) && URL.canParse(filled(url, '0', '0')), {
    message: 'must begin with http:// or https:// and a host without placeholders or credentials',
  })
  .refine((url) => url.includes('{traceId}'), 'must contain {traceId}')
  .refine(
    (url) => !/[{}]/.test(url.replace(/\{(traceId|spanId)\}/g, '')),
    'knows {traceId} and {spanId} and no other placeholder; write { and } as %7B and %7D',
  )

/** Where spans are looked at in other tools, as templates of addresses. */
export const traceLinkList = z
  .array(
    z.strictObject({
      name: z.string().min(1).max(40).meta({ description: 'What people call the tool: Jaeger' }),
      url: template.meta({
        description:
          'Address of a trace there, with `{traceId}` and, where it can show one, `{spanId}`',
      }),
    }),
  )
  .max(MAX_LINKS)
  .refine(
    (links) => new Set(links.map(({ name }) => name)).size === links.length,
    'two of them have the same name',
  )
  .default([])

export type TraceLinkSettings = z.infer<typeof traceLinkList>[number]

export interface TraceLink {
  readonly name: string
  readonly url: string
}

/** The addresses of one span; none where it has no trace id. */
export type TraceLinks = (traceId: string, spanId: string) => readonly TraceLink[]

export function createTraceLinks(settings: readonly TraceLinkSettings[]): TraceLinks {
  return (traceId, spanId) =>
    traceId === ''
      ? []
      : settings.map(({ name, url }) => ({ name, url: filled(url, traceId, spanId) }))
}

export const NO_TRACE_LINKS: TraceLinks = createTraceLinks([])

/** Ids are put in as one part of an address, whatever characters somebody gave them. */
function filled(url: string, traceId: string, spanId: string): string {
  const values: Readonly<Record<string, string>> = { traceId, spanId }
  return url.replace(/\{(traceId|spanId)\}/g, (_, name: string) =>
    encodeURIComponent(values[name] ?? ''),
  )
}

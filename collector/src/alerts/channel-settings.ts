import { DETECTORS, type DetectorId, GRADES } from '@delegraph/graph-schema'
import { z } from 'zod'
import { SEVERITY_NAMES, severityLevel } from '../findings/severity-names.ts'

const text = z.string().min(1)
const texts = z.array(text).min(1)
const rules = Object.keys(DETECTORS) as [DetectorId, ...DetectorId[]]

const severity = z
  .union([z.int().min(1).max(5), z.enum(SEVERITY_NAMES)], {
    error: `takes 1 to 5, or one of ${SEVERITY_NAMES.join(', ')}`,
  })
  .transform((value) => (typeof value === 'number' ? value : (severityLevel(value) ?? 1)))

/** Which findings a channel is told of; everything that is given must fit. */
const match = z.strictObject({
  rules: z.array(z.enum(rules)).min(1).optional(),
  classes: z
    .array(z.enum(['inheritance', 'validity', 'exposure', 'probabilistic']))
    .min(1)
    .optional(),
  minSeverity: severity.optional(),
  /** This grade of evidence or a stronger one. */
  minGrade: z.enum(GRADES).optional(),
  /** Only what is to wake somebody. */
  pages: z.literal(true).optional(),
  /** Who gained. */
  agents: texts.optional(),
  /** Who answers for the agent that gained. */
  owners: texts.optional(),
})

const common = {
  name: z
    .string()
    .regex(
      /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/,
      'takes letters, digits, dots, dashes and underscores, at most 64',
    ),
  match: match.prefault({}),
  /** What is one alert. A finding that joins an open one is an occurrence and no new alert. */
  groupBy: z.enum(['fingerprint', 'finding', 'incident', 'chain', 'agent']).default('fingerprint'),
}

const limit = z.strictObject({
  count: z.int().min(1).max(10_000),
  seconds: z.int().min(1).max(86_400),
})
/** Half a minute of somebody's reading in ten minutes; the rest is counted. */
const READABLE = { count: 30, seconds: 600 }

const url = z.url()
const file = text

const channel = z.discriminatedUnion('kind', [
  z
    .strictObject({
      ...common,
      kind: z.literal('webhook'),
      url,
      /** `v1`: `whsec_` and base64. */
      secretFile: file.optional(),
      /** `v1a`: private Ed25519 JWK, as `delegraph keygen` writes it. */
      keyFile: file.optional(),
      limit: limit.optional(),
    })
    .refine((given) => given.secretFile !== undefined || given.keyFile !== undefined, {
      path: ['secretFile'],
      error: 'a webhook is signed: give secretFile, keyFile or both',
    }),
  z.strictObject({
    ...common,
    kind: z.literal('alertmanager'),
    /** Without the path of the API: `http://127.0.0.1:9093`. */
    url,
    bearerFile: file.optional(),
    /** Seconds; a third of Alertmanager's `resolve_timeout` or less. */
    resendEvery: z.int().min(1).max(3_600).default(60),
  }),
  z.strictObject({
    ...common,
    kind: z.literal('slack'),
    /** The address is the secret. */
    urlFile: file,
    limit: limit.default(READABLE),
  }),
  z.strictObject({
    ...common,
    kind: z.literal('pagerduty'),
    routingKeyFile: file,
    url: url.default('https://events.pagerduty.com/v2/enqueue'),
    limit: limit.default(READABLE),
  }),
  z.strictObject({
    ...common,
    kind: z.literal('teams'),
    /** The address is the secret. */
    urlFile: file,
    limit: limit.default(READABLE),
  }),
  z
    .strictObject({
      ...common,
      kind: z.literal('ocsf'),
      /** NDJSON, one event a line. */
      file: file.optional(),
      url: url.optional(),
      bearerFile: file.optional(),
    })
    .refine((given) => (given.file === undefined) !== (given.url === undefined), {
      path: ['file'],
      error: 'give either file or url',
    }),
  z.strictObject({
    ...common,
    kind: z.literal('otlp'),
    /** With the path: `http://127.0.0.1:4318/v1/logs`. */
    url,
    bearerFile: file.optional(),
  }),
])

/** The short form of one webhook that gets everything. */
export const shortWebhook = z.strictObject({ url, secretFile: file })

export const channelList = z
  .array(channel)
  .max(64)
  .default([])
  .superRefine((channels, context) => {
    const names = channels.map(({ name }) => name)
    for (const [i, name] of names.entries()) {
      if (names.indexOf(name) === i) continue
      context.addIssue({ code: 'custom', path: [i, 'name'], message: `${name} is taken` })
    }
  })

export type ChannelSettings = z.infer<typeof channel>
export type ChannelKind = ChannelSettings['kind']
export type Match = z.infer<typeof match>
export type GroupBy = ChannelSettings['groupBy']

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
  minGrade: z.enum(GRADES).optional().describe('This grade of evidence or a stronger one'),
  pages: z.literal(true).optional().describe('Only what is to wake somebody'),
  agents: texts.optional().describe('Who gained'),
  owners: texts.optional().describe('Who answers for the agent that gained'),
})

const common = {
  name: z
    .string()
    .regex(
      /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/,
      'takes letters, digits, dots, dashes and underscores, at most 64',
    ),
  match: match.prefault({}),
  groupBy: z
    .enum(['fingerprint', 'finding', 'incident', 'chain', 'agent'])
    .default('fingerprint')
    .describe(
      'What is one alert. A finding that joins an open one is an occurrence and no new alert',
    ),
}

const limit = z.strictObject({
  count: z.int().min(1).max(10_000).describe('New alerts of one rule'),
  seconds: z
    .int()
    .min(1)
    .max(86_400)
    .describe('In so much time; the rest is counted in one message'),
})
/** Half a minute of somebody's reading in ten minutes; the rest is counted. */
const READABLE = { count: 30, seconds: 600 }

const url = z.url()
const file = text

/** For machines, which can keep a proof. */
const proof = z
  .enum(['hash', 'inline'])
  .default('hash')
  .describe(
    'What of its proof an alert has: `hash`, or `inline`, the file itself with every argument that was disclosed',
  )

const channel = z.discriminatedUnion('kind', [
  z
    .strictObject({
      ...common,
      kind: z.literal('webhook'),
      url,
      secretFile: file.optional().describe('For `v1`: `whsec_` and base64'),
      keyFile: file
        .optional()
        .describe('For `v1a`: private Ed25519 JWK, as `delegraph keygen` writes it'),
      limit: limit.optional(),
      proof,
    })
    .refine((given) => given.secretFile !== undefined || given.keyFile !== undefined, {
      path: ['secretFile'],
      error: 'a webhook is signed: give secretFile, keyFile or both',
    }),
  z.strictObject({
    ...common,
    kind: z.literal('alertmanager'),
    url: url.describe('Without the path of the API: `http://127.0.0.1:9093`'),
    bearerFile: file.optional(),
    resendEvery: z
      .int()
      .min(1)
      .max(3_600)
      .default(60)
      .describe("Seconds; a third of Alertmanager's `resolve_timeout` or less"),
  }),
  z.strictObject({
    ...common,
    kind: z.literal('slack'),
    urlFile: file.describe('The address is the secret'),
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
    urlFile: file.describe('The address is the secret'),
    limit: limit.default(READABLE),
  }),
  z
    .strictObject({
      ...common,
      kind: z.literal('ocsf'),
      file: file.optional().describe('NDJSON, one event a line; - is standard output'),
      url: url.optional(),
      bearerFile: file.optional(),
      proof,
    })
    .refine((given) => (given.file === undefined) !== (given.url === undefined), {
      path: ['file'],
      error: 'give either file or url',
    }),
  z.strictObject({
    ...common,
    kind: z.literal('otlp'),
    url: url.describe('With the path: `http://127.0.0.1:4318/v1/logs`'),
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
export type ProofDetail = z.infer<typeof proof>
export type Match = z.infer<typeof match>
export type GroupBy = ChannelSettings['groupBy']

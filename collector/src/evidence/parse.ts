import { signingInputHash, textDigest } from '@delegraph/link'
import { z } from 'zod'
import { assertedItem } from './extract.ts'
import { foreignToken } from './foreign.ts'
import { ocsfDelegation } from './ocsf.ts'
import { statusEvidence } from './status.ts'
import { type Evidence, MOVEMENT_OPS } from './types.ts'

const text = z.string().max(2 * 1024 * 1024)
const short = z.string().max(2048)
const shorts = z.array(short).max(256)

const facts = z.object({
  trace: short,
  span: short,
  parentSpan: short.exactOptional(),
  name: short,
  startedAt: z.int(),
  endedAt: z.int(),
  statusError: z.boolean(),
  agent: short.exactOptional(),
  instance: short.exactOptional(),
  tool: short.exactOptional(),
  audience: short.exactOptional(),
  task: short.exactOptional(),
  chain: short.exactOptional(),
  link: short.exactOptional(),
  actionHash: short.exactOptional(),
  args: z.string().max(65_536).exactOptional(),
  argNames: shorts.exactOptional(),
  rest: short.exactOptional(),
  resource: short.exactOptional(),
  session: short.exactOptional(),
  purpose: short.exactOptional(),
  onBehalfOf: short.exactOptional(),
  zone: z.literal(true).exactOptional(),
  control: z.literal(true).exactOptional(),
  dataIn: shorts.exactOptional(),
  dataOut: shorts.exactOptional(),
  credential: short.exactOptional(),
  drivers: shorts,
  delegator: short.exactOptional(),
  assertedApproval: short.exactOptional(),
  assertedApprover: short.exactOptional(),
  assertedEffect: z.enum(['ok', 'failed', 'denied']).exactOptional(),
  approvals: shorts,
  decisions: shorts,
  receipts: shorts,
  instrumented: z.boolean(),
  idsInvalid: z.boolean(),
})

const movement = z.object({
  trace: short,
  span: short,
  op: z.enum(MOVEMENT_OPS),
  at: z.int(),
  agent: short.exactOptional(),
  peer: short.exactOptional(),
  resource: short.exactOptional(),
  data: shorts,
  task: short.exactOptional(),
  session: short.exactOptional(),
  link: short.exactOptional(),
})
const foreign = z.object({
  kind: z.literal('foreign'),
  form: z.enum(['jwt', 'ocsf']),
  id: short,
  artefact: short,
  text: z.string().max(65_536).exactOptional(),
  proof: z.string().max(16_384).exactOptional(),
  size: z.int(),
  stripped: z.boolean(),
  action: short.exactOptional(),
})
type ForeignItem = z.infer<typeof foreign>

const evidence = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('registry'), text }),
  z.object({ kind: z.literal('status'), uri: short, text, askedAt: z.int() }),
  z.object({ kind: z.literal('span'), id: short, action: short, facts }),
  z.object({ kind: z.literal('movement'), id: short, facts: movement }),
  z.object({ kind: z.literal('asserted'), text }),
  z.object({
    kind: z.literal('report'),
    id: short,
    link: short,
    depth: z.int().exactOptional(),
    parent: short.exactOptional(),
  }),
  foreign,
  z.object({
    kind: z.enum([
      'link',
      'receipt',
      'approval',
      'decision',
      'revocation',
      'completion',
      'credential',
      'identity',
    ]),
    text,
    truncated: z.boolean(),
    action: short.exactOptional(),
  }),
])

/**
 * Evidence that came in a file. Ids and hashes are made from the texts again: a file that names a text
 * by another hash changes nothing. Undefined where the shape is wrong.
 */
export function parseEvidence(value: unknown): Evidence | undefined {
  const parsed = evidence.safeParse(value)
  if (!parsed.success) return undefined
  const item = parsed.data
  if (item.kind === 'span' || item.kind === 'movement' || item.kind === 'report') return item
  if (item.kind === 'asserted') return assertedItem(item.text)
  if (item.kind === 'foreign') return foreignAgain(item)
  if (item.kind === 'status') return statusEvidence(item)
  const id = textDigest(item.text)
  if (item.kind === 'registry') return { ...item, id }
  return { ...item, id, artefact: signingInputHash(item.text) ?? id, size: item.text.length }
}

function foreignAgain(item: ForeignItem): Evidence | undefined {
  const { id, artefact, size, text, proof, action, stripped } = item
  if (text !== undefined && item.form === 'ocsf') return ocsfDelegation(text)
  if (text !== undefined) return foreignToken(text, proof, action, stripped)
  // Of what was no JWT there is only a digest.
  return {
    kind: 'foreign',
    form: 'jwt',
    id,
    artefact,
    size,
    stripped,
    ...(action === undefined ? {} : { action }),
  }
}

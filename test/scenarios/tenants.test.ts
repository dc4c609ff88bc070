import { createHash } from 'node:crypto'
import { join } from 'node:path'
import { play, prepare } from '@delegraph/example-approval-riding'
import {
  type GraphQLArgument,
  type GraphQLField,
  type GraphQLInputType,
  type GraphQLOutputType,
  getNamedType,
  getNullableType,
  isEnumType,
  isInputObjectType,
  isListType,
  isNonNullType,
  isObjectType,
  isRequiredArgument,
  isRequiredInputField,
  isUnionType,
} from 'graphql'
import { pino } from 'pino'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { authSettings } from '../../collector/src/access/access-config.ts'
import { createApiSchema } from '../../collector/src/api/index.ts'
import { type Config, readConfig } from '../../collector/src/config.ts'
import { startTenants, type Tenants } from '../../collector/src/tenants/start-tenants.ts'
import { temporaryFolder } from '../harness/own-place.ts'

const token = (name: string) => `${name}-0123456789-0123456789-0123456789`
const TOKENS = ['acme-admin', 'acme-sender', 'other-admin', 'other-sender']

function authOf(names: readonly string[]) {
  return authSettings.parse({
    tokens: names.map((name) => ({
      name,
      tenant: name.split('-')[0],
      roles: [name.endsWith('admin') ? 'admin' : 'ingest'],
      sha256: createHash('sha256').update(token(name)).digest('hex'),
    })),
  })
}

/** Kinds that the API calls by their keys. */
const NAMED = new Set(['Finding', 'Action', 'Link', 'Approval', 'Agent', 'Key', 'Decision'])

const folder = temporaryFolder()
let tenants: Tenants
/** Everything by which the graph of `acme` calls something. */
let ids: string[]

beforeAll(async () => {
  const prepared = await prepare(join(folder.path, 'demo'))
  const { trust, registry } = prepared
  const config: Config = {
    ...readConfig({ data: folder.path, otlpPort: '0', apiPort: '0' }, {}),
    auth: authOf(TOKENS),
    tenants: {
      acme: { trust, registry, channels: [] },
      // The same trust: what is not shown is not shown because it is not there.
      other: { trust, registry, channels: [] },
    },
  }
  tenants = await startTenants({ config, env: {}, logger: pino({ level: 'silent' }) })
  const relay = await startRelay(tenants.otlpUrl, token('acme-sender'))
  await play(prepared, relay.url)
  await relay.close()
  const acme = tenants.collectors.get('acme')
  await acme?.settled()
  const found = new Set<string>()
  const known = new Set<string>()
  for await (const item of tenants.collectors.get('other')?.store.dump() ?? []) {
    if ('key' in item) known.add(item.key)
  }
  for await (const item of acme?.store.dump() ?? []) {
    if (!('key' in item) || !NAMED.has(item.kind)) continue
    found.add(item.key)
    for (const name of ['task', 'incident', 'fingerprint', 'actionHash']) {
      const value = item.columns[name]
      if (typeof value === 'string') found.add(value)
    }
  }
  // What the registry, which both have, says is known to both.
  ids = [...found].filter((id) => !known.has(id) && id.length > 8)
}, 60_000)
afterAll(async () => {
  await tenants[Symbol.asyncDispose]()
  folder[Symbol.dispose]()
})

async function ask(who: string, query: string, variables = {}): Promise<string> {
  const response = await fetch(tenants.graphqlUrl, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${token(who)}` },
    body: JSON.stringify({ query, variables }),
  })
  return response.text()
}

describe('what one tenant knows', () => {
  const schema = createApiSchema()

  it('is shown to its own people', async () => {
    expect(ids.length).toBeGreaterThan(20)
    const answer = await ask(
      'acme-admin',
      '{ findings { ... on FindingConnection { nodes { id } } } }',
    )
    expect(ids.some((id) => answer.includes(id))).toBe(true)
  })

  it('is in the answer of no query of another, whatever id is asked for', async () => {
    const fields = Object.values(schema.getQueryType()?.getFields() ?? {})
    const asked = new Set<string>()
    for (const field of fields) {
      const takesId = field.args.some((arg) => mentionsId(arg.type))
      const nothing = await answered(field, NOBODYS)
      for (const id of takesId ? ids.flatMap((one) => formsOf(field.name, one)) : [NOBODYS]) {
        const answer = await answered(field, id)
        const shown = ids.filter((one) => !id.includes(one) && answer.includes(one))
        expect({ field: field.name, id, shown }).toEqual({ field: field.name, id, shown: [] })
        // It is answered like an id that nobody has.
        expect({ field: field.name, answer }).toEqual({ field: field.name, answer: nothing })
        asked.add(field.name)
      }
    }
    expect([...asked].sort()).toEqual(fields.map(({ name }) => name).sort())
  }, 120_000)

  it('is in no event of a subscription of another', async () => {
    const response = await fetch(tenants.graphqlUrl, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        accept: 'text/event-stream',
        authorization: `Bearer ${token('other-admin')}`,
      },
      body: JSON.stringify({
        query: 'subscription { findingRaised(after: "0") { cursor finding { id title } } }',
      }),
      signal: AbortSignal.timeout(2_000),
    })
    let text = ''
    try {
      for await (const part of response.body ?? [])
        text += new TextDecoder().decode(part as Uint8Array)
    } catch {
      // The time is over.
    }
    expect(text).toContain(':\n\n')
    expect(text).not.toContain('event: next')
  })

  it('cannot be changed by another', async () => {
    const [finding] =
      (await tenants.collectors.get('acme')?.store.find('Finding', 'state', ['open'])) ?? []
    const query = `mutation ($id: ID!) { triage(input: { findings: [$id], expectedVersions: [0], state: ACKNOWLEDGED }) { __typename } }`
    const variables = { id: finding?.key }
    expect(await ask('other-admin', query, variables)).toContain('NotFoundError')
    expect(await ask('acme-admin', query, variables)).toContain('TriagePayload')
  })
})

describe('a credential', () => {
  it('of one tenant sends to that one, and of none to nobody', async () => {
    const before = tenants.collectors.get('other')?.journal.lastSeq ?? 0
    const span = {
      traceId: 'ab'.repeat(16),
      spanId: 'cd'.repeat(8),
      name: 'deploy',
      attributes: [{ key: 'delegation.tool', value: { stringValue: 'urn:only-other' } }],
    }
    const send = (who: string) =>
      fetch(`${tenants.otlpUrl}/v1/traces`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', authorization: `Bearer ${token(who)}` },
        body: JSON.stringify({ resourceSpans: [{ scopeSpans: [{ spans: [span] }] }] }),
      })
    expect((await send('other-sender')).status).toBe(200)
    expect((await send('nobody')).status).toBe(401)
    const [acme, other] = ['acme', 'other'].map((name) => tenants.collectors.get(name))
    await other?.settled()
    expect(other?.journal.lastSeq).toBe(before + 1)
    expect(await other?.store.find('Action', 'tool', ['urn:only-other'])).toHaveLength(1)
    expect(await acme?.store.find('Action', 'tool', ['urn:only-other'])).toEqual([])
    for await (const record of other?.journal.read(before + 1) ?? []) {
      expect(record.tenant).toBe('other')
    }
  })

  it.each([
    ['no login', { auth: undefined }, 'tenants: configure auth'],
    ['a token of no tenant', { auth: authOf(['third-admin']) }, 'third-admin is of no tenant'],
    ['no tenant', { tenants: {} }, 'none is configured'],
  ])('%s: nothing is started', async (_, change, message) => {
    using place = temporaryFolder()
    const config = {
      ...readConfig({ data: place.path, otlpPort: '0', apiPort: '0' }, {}),
      auth: authOf(TOKENS),
      tenants: { acme: { channels: [] }, other: { channels: [] } },
      ...change,
    } as Config
    const logger = pino({ level: 'silent' })
    await expect(startTenants({ config, env: {}, logger })).rejects.toMatchObject({
      code: 'config_invalid',
      message: expect.stringContaining(message),
    })
  })
})

/** A call of a field with an id wherever one is taken, and everything selected that it answers. */
function call(field: GraphQLField<unknown, unknown>, id: string): string {
  const args = field.args
    .filter((arg: GraphQLArgument) => isRequiredArgument(arg) || mentionsId(arg.type))
    .map((arg) => `${arg.name}: ${literal(arg.type, id, 0)}`)
  const given = args.length === 0 ? '' : `(${args.join(', ')})`
  return `${field.name}${given} ${selection(field.type, 3)}`
}

/** Scalars and what can be reached without arguments, a few levels deep. */
function selection(type: GraphQLOutputType, depth: number): string {
  const named = getNamedType(type)
  if (isUnionType(named)) {
    const parts = named.getTypes().map((one) => `... on ${one.name} ${selection(one, depth)}`)
    return `{ __typename ${parts.join(' ')} }`
  }
  if (!isObjectType(named)) return named.name === 'Node' ? '{ __typename nodeId }' : ''
  const fields = Object.values(named.getFields()).flatMap((field) => {
    const inner = getNamedType(field.type)
    const leaf = !isObjectType(inner) && !isUnionType(inner) && !('getFields' in inner)
    if (field.args.some(isRequiredArgument)) return []
    if (leaf) return [field.name]
    const goesOn =
      depth > 0 && isObjectType(inner) && /^(nodes|findings|chain|link|why)$/.test(field.name)
    return goesOn ? [`${field.name} ${selection(field.type, depth - 1)}`] : []
  })
  return `{ __typename ${fields.join(' ')} }`
}

function mentionsId(type: GraphQLInputType): boolean {
  const named = getNamedType(type)
  if (isInputObjectType(named)) {
    return Object.values(named.getFields()).some((field) => mentionsId(field.type))
  }
  return named.name === 'ID'
}

function literal(type: GraphQLInputType, id: string, depth: number): string {
  const plain = getNullableType(type)
  if (isListType(plain)) return `[${literal(plain.ofType, id, depth)}]`
  if (isNonNullType(plain)) return literal(plain.ofType, id, depth)
  if (isEnumType(plain)) return plain.getValues()[0]?.name ?? ''
  if (isInputObjectType(plain)) {
    const fields = Object.values(plain.getFields())
    const required = fields.filter(isRequiredInputField)
    const chosen =
      required.length > 0 ? required : fields.filter(({ type: t }) => mentionsId(t)).slice(0, 1)
    return `{ ${chosen.map((field) => `${field.name}: ${literal(field.type, id, depth + 1)}`).join(', ')} }`
  }
  const values: Readonly<Record<string, string>> = {
    Int: '1',
    Boolean: 'true',
    DateTime: '"2027-01-01T00:00:00Z"',
  }
  return values[plain.name] ?? JSON.stringify(id)
}

/** An id that nobody has. */
const NOBODYS = 'nobodys-id-0123456789'

/** What another tenant is answered, without the id itself: an error may repeat what was asked for. */
async function answered(field: GraphQLField<unknown, unknown>, id: string): Promise<string> {
  const answer = await ask('other-admin', `{ ${call(field, id)} }`)
  expect(answer).not.toContain('"errors"')
  return answer.replaceAll(id, '')
}

/** How a field takes an id. */
function formsOf(field: string, id: string): string[] {
  if (field !== 'node') return [id]
  return ['Finding', 'Chain', 'Action', 'Agent', 'Approval', 'Decision'].map(
    (type) => `${type}:${id}`,
  )
}

/** Adds the sender's token, as the standard variable does for an exporter. */
async function startRelay(target: string, bearer: string) {
  const { createServer } = await import('node:http')
  const server = createServer(async (request, response) => {
    const parts: Buffer[] = []
    for await (const part of request) parts.push(part as Buffer)
    const answer = await fetch(`${target}${request.url}`, {
      method: 'POST',
      headers: {
        'content-type': String(request.headers['content-type']),
        ...(request.headers['content-encoding'] === undefined
          ? {}
          : { 'content-encoding': String(request.headers['content-encoding']) }),
        authorization: `Bearer ${bearer}`,
      },
      body: Buffer.concat(parts),
    })
    response.writeHead(answer.status).end(Buffer.from(await answer.arrayBuffer()))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  const port = typeof address === 'object' && address !== null ? address.port : 0
  return {
    url: `http://127.0.0.1:${port}`,
    close: () => new Promise((resolve) => server.close(resolve)),
  }
}

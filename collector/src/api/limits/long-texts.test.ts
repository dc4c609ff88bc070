import {
  type GraphQLArgument,
  type GraphQLField,
  getNamedType,
  getNullableType,
  isInterfaceType,
  isLeafType,
  isListType,
  isNonNullType,
  isObjectType,
  isUnionType,
} from 'graphql'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createApiSchema } from '../create-api.ts'
import { ask, startTestServer, type TestServer } from '../test-server.ts'

let server: TestServer
beforeAll(async () => {
  server = await startTestServer()
})
afterAll(() => server[Symbol.asyncDispose]())

const LONG = 'x'.repeat(50_000)
const isText = ({ type }: GraphQLArgument): boolean =>
  ['ID', 'String'].includes(getNamedType(type).name)

/** What a required argument is given that is not looked at. */
function usual({ name, type }: GraphQLArgument): string {
  const one = name === 'by' ? 'SERIES' : name === 'matcher' ? '{ rule: ["D1"] }' : '"x"'
  return isListType(getNullableType(type)) ? `[${one}]` : one
}

function callOf(field: GraphQLField<unknown, unknown>, tried: GraphQLArgument): string {
  const given = field.args
    .filter((arg) => arg === tried || isNonNullType(arg.type))
    .map((arg) => `${arg.name}: ${arg === tried ? longOf(arg) : usual(arg)}`)
  const type = getNamedType(field.type)
  const inside =
    isObjectType(type) || isUnionType(type) || isInterfaceType(type) ? '{ __typename ...E }' : ''
  const isAnswer = isUnionType(type)
  const selection = isLeafType(type) ? '' : isAnswer ? inside : '{ __typename }'
  const fragment = selection.includes('...E')
    ? ' fragment E on InvalidArgumentError { message argument }'
    : ''
  return `{ ${field.name}(${given.join(', ')}) ${selection} }${fragment}`
}

const longOf = ({ type }: GraphQLArgument): string =>
  isListType(getNullableType(type)) ? `["${LONG}"]` : `"${LONG}"`

const calls = Object.values(createApiSchema().getQueryType()?.getFields() ?? {}).flatMap((field) =>
  field.args.filter(isText).map((arg) => [`${field.name}(${arg.name})`, callOf(field, arg)]),
)

test('every text that a question takes is tried', () => {
  expect(calls.length).toBeGreaterThan(20)
})

test.each(calls)(
  '%s of 50,000 characters is an error of whoever asks, and is not echoed',
  async (_, query) => {
    const { status, data, errors } = await ask(server, query)
    expect(status).toBe(200)
    expect(errors.map(({ extensions }) => extensions?.['code'])).not.toContain(
      'INTERNAL_SERVER_ERROR',
    )
    expect(JSON.stringify({ data, errors }).length).toBeLessThan(5_000)
    expect(server.errors).toEqual([])
  },
)

import { GraphQLError, GraphQLScalarType, Kind, type ValueNode } from 'graphql'
import { parseInstant } from './instants.ts'

/** ISO 8601 outside, a `Date` towards the client and epoch milliseconds from it inside. */
export const DATE_TIME: GraphQLScalarType<number, string> = new GraphQLScalarType({
  name: 'DateTime',
  description:
    'An instant, ISO 8601 with milliseconds, in UTC: 2026-11-24T10:04:52.000Z. Input may carry an offset.',
  serialize(value) {
    if (value instanceof Date) return value.toISOString()
    throw new GraphQLError('a DateTime is not a date')
  },
  parseValue: instant,
  parseLiteral: (node) => instant(node.kind === Kind.STRING ? node.value : undefined),
})

export const JSON_VALUE: GraphQLScalarType<unknown, unknown> = new GraphQLScalarType({
  name: 'JSON',
  description: 'Any JSON value.',
  serialize: (value) => value,
  parseValue: (value) => value,
  parseLiteral: literal,
})

function instant(value: unknown): number {
  const parsed = parseInstant(value)
  if (parsed !== undefined) return parsed
  throw new GraphQLError('expected an ISO 8601 instant such as 2026-11-24T10:04:52Z')
}

function literal(node: ValueNode): unknown {
  switch (node.kind) {
    case Kind.NULL:
      return null
    case Kind.INT:
    case Kind.FLOAT:
      return Number(node.value)
    case Kind.STRING:
    case Kind.BOOLEAN:
    case Kind.ENUM:
      return node.value
    case Kind.LIST:
      return node.values.map(literal)
    case Kind.OBJECT:
      return Object.fromEntries(
        node.fields.map((field) => [field.name.value, literal(field.value)]),
      )
    case Kind.VARIABLE:
      throw new GraphQLError('a variable inside a JSON literal is not supported')
  }
}

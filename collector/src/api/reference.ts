import {
  type GraphQLArgument,
  type GraphQLField,
  type GraphQLInputField,
  type GraphQLNamedType,
  type GraphQLSchema,
  isEnumType,
  isInputObjectType,
  isInterfaceType,
  isObjectType,
  isUnionType,
} from 'graphql'

/** A schema as a page of Markdown: what can be asked, watched and done first, then the types by name. */
export function apiReference(schema: GraphQLSchema): string {
  const roots = [schema.getQueryType(), schema.getMutationType(), schema.getSubscriptionType()]
  const first = roots.filter((type) => type !== undefined && type !== null)
  const rest = Object.values(schema.getTypeMap())
    .filter((type) => !type.name.startsWith('__') && !first.some((root) => root === type))
    .filter((type) => !BUILT_IN.has(type.name))
    .sort((a, b) => (a.name < b.name ? -1 : 1))
  return [
    '# API reference',
    '',
    'Written from the contract by `collector/src/api/reference.test.ts`; do not edit.',
    '',
    'GraphQL over HTTP, `POST /graphql` on the API port (4319). Pages follow GraphQL Cursor Connections, `nodeId` is the',
    'global id of the Relay server specification, errors that a caller can expect are members of a union.',
    '',
    ...[...first, ...rest].flatMap((type) => [...section(type), '']),
  ].join('\n')
}

const BUILT_IN = new Set(['Boolean', 'Float', 'ID', 'Int', 'String'])

function section(type: GraphQLNamedType): string[] {
  const about = text(type.description)
  const head = [`## ${type.name}`, '', ...(about === '' ? [] : [about, ''])]
  if (isUnionType(type)) return [...head, `One of ${type.getTypes().map(linked).join(', ')}.`]
  if (isEnumType(type)) {
    const rows = type
      .getValues()
      .map((value) => `| \`${value.name}\` | ${text(value.description)} |`)
    return [...head, '| value | |', '|---|---|', ...rows]
  }
  if (isObjectType(type) || isInterfaceType(type) || isInputObjectType(type)) {
    const rows = Object.values(type.getFields()).map((field) => {
      const takes = argumentsOf(field).map(({ name, type }) => `${name}: ${type}`)
      const name = takes.length === 0 ? field.name : `${field.name}(${takes.join(', ')})`
      return `| \`${name}\` | \`${field.type}\` | ${text(field.description)} |`
    })
    return [...head, '| field | type | |', '|---|---|---|', ...rows]
  }
  return head
}

function argumentsOf(
  field: GraphQLField<unknown, unknown> | GraphQLInputField,
): readonly GraphQLArgument[] {
  return 'args' in field ? field.args : []
}

function linked({ name }: GraphQLNamedType): string {
  return `[${name}](#${name.toLowerCase()})`
}

/** On one line, and no mark-up of its own. */
function text(description: string | null | undefined): string {
  return (description ?? '').replaceAll(/\s+/g, ' ').replaceAll('|', '\\|').trim()
}

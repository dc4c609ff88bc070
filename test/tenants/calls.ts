import {
  type GraphQLField,
  type GraphQLInputType,
  type GraphQLObjectType,
  type GraphQLOutputType,
  type GraphQLSchema,
  getNamedType,
  getNullableType,
  isEnumType,
  isInputObjectType,
  isInterfaceType,
  isLeafType,
  isListType,
  isNonNullType,
  isObjectType,
  isUnionType,
} from 'graphql'

export type RootField = GraphQLField<unknown, unknown>

/** What the arguments of a call are filled with. */
export interface Values {
  /** Ids and texts, in every place that takes one. */
  readonly texts: readonly string[]
  /** For every `after`. */
  readonly cursors: readonly string[]
  /** Each text also together with each other optional place. */
  readonly pairs?: boolean
  /** Epoch milliseconds; dates are around it. */
  readonly now: number
}

/** One place in the arguments of a field that takes a plain value. */
interface Place {
  /** `input.findings` */
  readonly path: string
  readonly type: GraphQLInputType
  readonly required: boolean
}

/** What stands where no value is given. */
const NOBODY = 'nobody-has-this-id'

/**
 * Arguments of a field, as texts: every place that takes an id or a text with each of the texts; every
 * `after` with each of the cursors; every other optional place once; and nothing.
 *
 * @throws for an input type that it has no value for: whoever adds one says here what a value of it is
 */
export function argumentsOf(field: RootField, values: Values): string[] {
  const places = placesOf(field.args, '', true)
  const isText = ({ type, path }: Place): boolean =>
    ['ID', 'String'].includes(getNamedType(type).name) && !isCursor(path)
  const choices: Map<string, string>[] = []
  for (const place of places) {
    if (isText(place)) {
      for (const text of values.texts) {
        const given = JSON.stringify(text)
        choices.push(new Map([[place.path, given]]))
        for (const other of places) {
          if (values.pairs !== true || other === place || other.required) continue
          if (isCursor(other.path)) continue
          for (const value of usualOf(other.type, values)) {
            choices.push(
              new Map([
                [place.path, given],
                [other.path, value],
              ]),
            )
          }
        }
      }
    } else if (isCursor(place.path)) {
      for (const cursor of values.cursors) {
        choices.push(new Map([[place.path, JSON.stringify(cursor)]]))
      }
    } else if (!place.required) {
      for (const value of usualOf(place.type, values)) choices.push(new Map([[place.path, value]]))
    }
  }
  const texts = [new Map<string, string>(), ...choices].flatMap((chosen) =>
    requiredOf(places, chosen, values).map((all) => given(field.args, '', all)),
  )
  return [...new Set(texts)]
}

/** A policy that can be used: another text is answered by what is wrong with it. */
const POLICY = JSON.stringify('permit(principal, action, resource);')

/** The same choice with each value of what has to be given as well. */
function requiredOf(
  places: readonly Place[],
  chosen: ReadonlyMap<string, string>,
  values: Values,
): ReadonlyMap<string, string>[] {
  let all: ReadonlyMap<string, string>[] = [chosen]
  for (const { path, type, required } of places) {
    if (!required || chosen.has(path)) continue
    const [first = ''] = path === 'draft' ? [POLICY] : usualOf(type, values)
    const each = isEnumType(getNamedType(type)) ? usualOf(type, values) : [first]
    all = all.flatMap((one) => each.map((value) => new Map([...one, [path, value]])))
  }
  return all
}

type Inputs = readonly { readonly name: string; readonly type: GraphQLInputType }[]

function placesOf(inputs: Inputs, prefix: string, required: boolean): Place[] {
  return inputs.flatMap(({ name, type }) => {
    const path = `${prefix}${name}`
    const needed = required && isNonNullType(type)
    const named = getNamedType(type)
    if (!isInputObjectType(named)) return [{ path, type, required: needed }]
    return placesOf(Object.values(named.getFields()), `${path}.`, needed)
  })
}

function given(inputs: Inputs, prefix: string, chosen: ReadonlyMap<string, string>): string {
  const parts = inputs.flatMap(({ name, type }) => {
    const path = `${prefix}${name}`
    const named = getNamedType(type)
    if (!isInputObjectType(named)) {
      const value = chosen.get(path)
      return value === undefined ? [] : [`${name}: ${listed(type, value)}`]
    }
    if (![...chosen.keys()].some((one) => one.startsWith(`${path}.`))) return []
    const inner = given(Object.values(named.getFields()), `${path}.`, chosen)
    return [`${name}: ${listed(type, `{ ${inner} }`)}`]
  })
  return parts.join(', ')
}

function listed(type: GraphQLInputType, value: string): string {
  return isListType(getNullableType(type)) ? `[${value}]` : value
}

function isCursor(path: string): boolean {
  return path === 'after' || path.endsWith('.after')
}

/** Values of a plain input type: of an enum all. */
function usualOf(type: GraphQLInputType, { now }: Values): string[] {
  const named = getNamedType(type)
  if (isEnumType(named)) return named.getValues().map(({ name }) => name)
  const date = (at: number): string => JSON.stringify(new Date(at).toISOString())
  switch (named.name) {
    case 'ID':
    case 'String':
      return [JSON.stringify(NOBODY)]
    case 'Int':
      return ['1', '0']
    case 'Boolean':
      return ['true', 'false']
    case 'DateTime':
      return [date(now + 86_400_000), date(now)]
    default:
      throw new Error(`no value is known for the input type ${named.name}`)
  }
}

/** Plain fields and counts of whatever is answered, of all members at once. */
export function flat(type: GraphQLOutputType, schema: GraphQLSchema): string {
  const known = new Map<string, string>()
  const parts = membersOf(type, schema).map((member) => {
    const fields = leavesOf(member).filter(({ name, type: own }) => {
      // One name of two types cannot be asked for at once.
      const before = known.get(name) ?? String(own)
      known.set(name, before)
      return before === String(own)
    })
    const { nodes } = isPage(member) ? member.getFields() : {}
    const inner =
      nodes === undefined
        ? `${countsOf(member)} ${isNode(member) ? '' : valuesOf(member)}`
        : pageOf(member, flat(nodes.type, schema))
    return `... on ${member.name} { __typename ${fields.map(({ name }) => name).join(' ')} ${inner} }`
  })
  return parts.length === 0 ? '' : `{ ${parts.join(' ')} }`
}

/**
 * Selections that together ask for every field that is reached within so many steps, each along one
 * way. Pages have two members, from behind a cursor where one is given.
 */
export function deep(
  type: GraphQLOutputType,
  schema: GraphQLSchema,
  steps: number,
  after?: string,
): string[] {
  if (isLeafType(getNamedType(type))) return ['']
  return membersOf(type, schema).flatMap((member) =>
    inside(member, schema, steps, after).map((set) => `{ ... on ${member.name} ${set} }`),
  )
}

function inside(
  type: GraphQLObjectType,
  schema: GraphQLSchema,
  steps: number,
  after: string | undefined,
): string[] {
  if (isPage(type)) {
    const { nodes } = type.getFields()
    return nodes === undefined
      ? []
      : deep(nodes.type, schema, steps, after).map((set) => `{ ${pageOf(type, set)} }`)
  }
  const plain = ['__typename', ...leavesOf(type).map(({ name }) => name)].join(' ')
  if (steps === 0) return [`{ ${plain} }`]
  const further = Object.values(type.getFields()).filter(
    ({ type: own }) => !isLeafType(getNamedType(own)),
  )
  if (further.length === 0) return [`{ ${plain} }`]
  return further.flatMap((field) => {
    const paged = field.args.some(({ name }) => name === 'first')
    const args = [
      ...(paged ? ['first: 2'] : []),
      ...(paged && after !== undefined ? [`after: ${JSON.stringify(after)}`] : []),
    ]
    const call = args.length === 0 ? field.name : `${field.name}(${args.join(', ')})`
    return deep(field.type, schema, steps - 1, after).map((set) => `{ ${plain} ${call} ${set} }`)
  })
}

/** How many there are, wherever that is said without being asked how. */
function countsOf(type: GraphQLObjectType): string {
  const counted = Object.values(type.getFields()).flatMap(({ name, args, type: own }) => {
    const named = getNamedType(own)
    if (!isObjectType(named) || isListType(getNullableType(own))) return []
    // What is counted is no more where less of it is shown, and costs less.
    const few = args.some((arg) => arg.name === 'first') ? '(first: 1)' : ''
    if (isPage(named)) return [`${name}${few} { totalCount { value } }`]
    return named.name === 'Count' ? [`${name} { value }`] : []
  })
  return counted.join(' ')
}

/** Plain fields and counts of what an answer consists of, where that is nothing that has an id of its own. */
function valuesOf(type: GraphQLObjectType): string {
  const values = Object.values(type.getFields()).flatMap(({ name, args, type: own }) => {
    const named = getNamedType(own)
    if (!isObjectType(named) || isPage(named) || isNode(named) || args.length > 0) return []
    if (named.name === 'Count') return []
    const plain = leavesOf(named).map((leaf) => leaf.name)
    return [`${name} { __typename ${plain.join(' ')} ${countsOf(named)} }`]
  })
  return values.join(' ')
}

function isNode(type: GraphQLObjectType): boolean {
  return type.getInterfaces().some(({ name }) => name === 'Node')
}

function isPage(type: GraphQLObjectType): boolean {
  return type.name.endsWith('Connection')
}

/** Groups are not counted in all. */
function pageOf(type: GraphQLObjectType, set: string): string {
  const total = 'totalCount' in type.getFields() ? 'totalCount { value }' : ''
  return `${total} pageInfo { hasNextPage endCursor } edges { cursor } nodes ${set}`
}

function leavesOf(type: GraphQLObjectType) {
  return Object.values(type.getFields()).filter(({ type: own }) => isLeafType(getNamedType(own)))
}

function membersOf(type: GraphQLOutputType, schema: GraphQLSchema): readonly GraphQLObjectType[] {
  const named = getNamedType(type)
  if (isUnionType(named) || isInterfaceType(named)) return schema.getPossibleTypes(named)
  return isObjectType(named) ? [named] : []
}

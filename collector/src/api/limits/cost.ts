import {
  type DocumentNode,
  type FieldNode,
  type GraphQLField,
  type GraphQLObjectType,
  type GraphQLOutputType,
  type GraphQLSchema,
  getNamedType,
  getNullableType,
  isCompositeType,
  isInterfaceType,
  isListType,
  isObjectType,
  Kind,
  type OperationDefinitionNode,
  type SelectionSetNode,
} from 'graphql'
import { MAX_FIRST } from '../connection.ts'

/** About a second of work for the embedded store. */
export const MAX_COST = 20_000

/** A list that has no page size: a path is at most 16 long, a finding rests on three facts. */
const USUAL_LIST = 8

/** Fields that read more than their answer shows. */
const COSTS: Readonly<Record<string, number>> = {
  'Agent.granted': 25,
  'Agent.exercised': 25,
  'Agent.inherited': 25,
  'Agent.delegatesTo': 25,
  'Agent.delegatedBy': 25,
  'Agent.keys': 25,
  'Agent.instances': 100,
  'Agent.instanceUid': 4,
  'Agent.firstSeenAt': 2,
  'Agent.lastSeenAt': 2,
  'Chain.branches': 25,
  'Query.blastRadius': 2_000,
  'Query.paths': 2_000,
  'Query.reachedBy': 8_000,
  'Query.whatIf': 2_000,
  'Query.leastPrivilege': 500,
  'Query.policyReplay': 2_000,
  'Query.findingGroups': 300,
  'Query.search': 500,
  'Query.findingProof': 2_000,
  'Pulse.evidence': 200,
  'Posture.trend': 1_500,
  'Posture.timeToTriage': 100,
  'Posture.evidence': 200,
  'Posture.rules': 200,
  'Posture.zones': 300,
  'Posture.mostBlamed': 100,
}

/** The contract is long: asked for once or twice it is a tool's question, thirty times it is megabytes. */
const INTROSPECTION: Readonly<Record<string, number>> = { __schema: 5_000, __type: 200 }

/** Lists that are longer than usual. */
const LENGTHS: Readonly<Record<string, number>> = { 'Chain.hops': 50, 'Triage.history': 20 }

/**
 * What an operation may cost at most, in objects that are read. Page sizes come from the variables as
 * they were coerced: a limit that counts only literals is passed with `first: $n`.
 */
export function costOf(
  schema: GraphQLSchema,
  document: DocumentNode,
  operation: OperationDefinitionNode,
  variables: Readonly<Record<string, unknown>>,
): number {
  const fragments = new Map(
    document.definitions.flatMap((node) =>
      node.kind === Kind.FRAGMENT_DEFINITION ? [[node.name.value, node]] : [],
    ),
  )
  const known = new Map<string, number>()

  const ofFragment = (name: string): number => {
    const cost = known.get(name)
    if (cost !== undefined) return cost
    // Validation refuses cycles; a fragment used a thousand times is walked once.
    known.set(name, 0)
    const fragment = fragments.get(name)
    if (fragment === undefined) return 0
    const type = schema.getType(fragment.typeCondition.name.value)
    const own = isCompositeType(type) ? ofSelection(fragment.selectionSet, type) : 0
    known.set(name, own)
    return own
  }
  const ofSelection = (set: SelectionSetNode, parent: GraphQLOutputType): number =>
    set.selections.reduce((sum, selection) => {
      if (selection.kind === Kind.FRAGMENT_SPREAD) return sum + ofFragment(selection.name.value)
      if (selection.kind === Kind.FIELD) return sum + ofField(selection, parent)
      const name = selection.typeCondition?.name.value
      const type = name === undefined ? parent : schema.getType(name)
      return sum + (isCompositeType(type) ? ofSelection(selection.selectionSet, type) : 0)
    }, 0)
  const ofField = (node: FieldNode, parent: GraphQLOutputType): number => {
    const contract = INTROSPECTION[node.name.value]
    if (contract !== undefined) return contract
    if (!hasFields(parent)) return 0
    const name = `${parent.name}.${node.name.value}`
    if (node.selectionSet === undefined) return COSTS[name] ?? 0
    const field = parent.getFields()[node.name.value]
    if (field === undefined) return 1
    const inside = ofSelection(node.selectionSet, getNamedType(field.type))
    return (COSTS[name] ?? 1) + sizeOf(node, field, parent, variables) * inside
  }
  const root = schema.getRootType(operation.operation)
  return root === null || root === undefined ? 0 : ofSelection(operation.selectionSet, root)
}

function hasFields(type: GraphQLOutputType): type is GraphQLObjectType {
  return isObjectType(type) || isInterfaceType(type)
}

/** How many objects a field stands for. */
function sizeOf(
  node: FieldNode,
  field: GraphQLField<unknown, unknown>,
  parent: GraphQLObjectType,
  variables: Readonly<Record<string, unknown>>,
): number {
  const page = field.args.find((arg) => arg.name === 'first')
  if (page !== undefined) return pageSize(node, variables)
  if (!isListType(getNullableType(field.type))) return 1
  // The page size was counted at the connection already.
  if (parent.name.endsWith('Connection')) return 1
  return LENGTHS[`${parent.name}.${field.name}`] ?? USUAL_LIST
}

/** The contract's default; a size that is not allowed is refused later and counts as the largest. */
function pageSize(node: FieldNode, variables: Readonly<Record<string, unknown>>): number {
  const value = node.arguments?.find((arg) => arg.name.value === 'first')?.value
  const given =
    value === undefined
      ? undefined
      : value.kind === Kind.INT
        ? Number(value.value)
        : value.kind === Kind.VARIABLE
          ? variables[value.name.value]
          : undefined
  if (given === undefined || given === null) return 50
  return typeof given === 'number' && given >= 1 && given <= MAX_FIRST ? given : MAX_FIRST
}

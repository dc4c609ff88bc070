import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import {
  BreakingChangeType,
  buildSchema,
  findSchemaChanges,
  type GraphQLSchema,
  getNamedType,
  getNullableType,
  isListType,
  isNonNullType,
  isObjectType,
  isUnionType,
  lexicographicSortSchema,
  printSchema,
} from 'graphql'
import { expect, test } from 'vitest'
import { SCHEMA_SDL } from './contract.ts'
import { createApiSchema } from './create-api.ts'
import { THROWS, VALID_AT } from './resolvers/in-its-time.ts'
import { RESOLVERS } from './resolvers/index.ts'

const served = createApiSchema()
const FOLDER = join(import.meta.dirname, '../../../graph-schema')

test('the schema that is served is the contract', () => {
  const contract = buildSchema(SCHEMA_SDL)
  expect(printSchema(lexicographicSortSchema(served))).toBe(
    printSchema(lexicographicSortSchema(contract)),
  )
})

/** The contract as others read it. `npx vitest -u` writes it anew. */
test('the printed contract is the one that is committed', async () => {
  const file = join(FOLDER, 'schema.graphql')
  await expect(`${printSchema(lexicographicSortSchema(served))}\n`).toMatchFileSnapshot(file)
})

/** `schema.released.graphql` is replaced by a release and by nothing else. */
test('what was released is not broken', () => {
  const released = buildSchema(readFileSync(join(FOLDER, 'schema.released.graphql'), 'utf8'))
  expect(breaking(released, served)).toEqual([])
})

test('a break would be seen', () => {
  const changed = (from: string, to: string): GraphQLSchema =>
    buildSchema(printSchema(served).replace(from, to))
  expect(breaking(served, changed('counterfactual: String', 'alone: String'))).toEqual([
    expect.stringContaining('counterfactual'),
  ])
  expect(breaking(served, changed('\n  WITHDRAWN\n', '\n  GONE\n'))).not.toEqual([])
})

function breaking(before: GraphQLSchema, now: GraphQLSchema): string[] {
  const kinds: ReadonlySet<string> = new Set(Object.values(BreakingChangeType))
  return findSchemaChanges(before, now)
    .filter(({ type }) => kinds.has(type))
    .map(({ description }) => description)
}

test('no list of nodes is without a page size', () => {
  const isNode = (name: string): boolean => {
    const type = served.getType(name)
    return isObjectType(type) && type.getInterfaces().some((i) => i.name === 'Node')
  }
  const unpaged = Object.values(served.getTypeMap()).flatMap((type) =>
    isObjectType(type) && !type.name.endsWith('Connection')
      ? Object.values(type.getFields()).flatMap((field) =>
          isListType(getNullableType(field.type)) && isNode(getNamedType(field.type).name)
            ? [`${type.name}.${field.name}`]
            : [],
        )
      : [],
  )
  // Each of these is bounded by its resolver or by what it hangs on.
  expect(unpaged.sort()).toEqual([
    'Action.approvals',
    'Action.decisionRecords',
    'Action.findings',
    'Chain.hops',
    'Chain.path',
    'Finding.sameIncident',
    'InheritedTool.findings',
    'OwnerCount.agents',
    'TriagePayload.findings',
    'Why.approvals',
    'Why.findings',
  ])
})

test('a mutation takes one input object and answers with a union that has its refusals', () => {
  const fields = Object.values(served.getMutationType()?.getFields() ?? {})
  expect(fields.map(({ name, args }) => [name, args.map(({ name }) => name)])).toEqual(
    fields.map(({ name }) => [name, ['input']]),
  )
  for (const { name, args, type } of fields) {
    expect([name, isNonNullType(args[0]?.type), isUnionType(getNamedType(type))]).toEqual([
      ...[name, true, true],
    ])
  }
})

test('whatever shows evidence can be asked of the past', () => {
  const fields = Object.values(served.getQueryType()?.getFields() ?? {})
  const timed = fields.filter(({ args }) => args.some(({ name }) => name === 'asOf'))
  const isTimed = new Set(timed.map(({ name }) => name))
  // Who asks, where the stream stands, what a rule that is written now would hide, what has no past, the store, receivers.
  expect(fields.map(({ name }) => name).filter((name) => !isTimed.has(name))).toEqual([
    'findingCursor',
    'previewSuppression',
    'viewer',
    'graphStore',
    'cypher',
    'posture',
    'zones',
    'pulse',
    'alertLog',
  ])
  expect([...VALID_AT].filter((name) => !isTimed.has(name))).toEqual([])
  const withoutUnion = timed.filter(({ type }) => !isUnionType(getNamedType(type)))
  expect(withoutUnion.map(({ name }) => name).sort()).toEqual([...THROWS].sort())
})

/** Root fields whose answer is a thing and no page; `snapshot(asOf:)` beside them says what it was read from. */
const WITHOUT_SNAPSHOT = new Set([
  // One thing by its id, which is the same type wherever else it is met.
  ...['finding', 'chain', 'action', 'agent', 'approval', 'case', 'decision', 'node'],
  // A file, whose hash is to be the same whenever it is written.
  'findingProof',
  // Signed texts by their hashes, the same at any time; a list that a service takes apart.
  'linkTexts',
  // It itself.
  'snapshot',
])

test('what is asked of an instant says which one it was answered from', () => {
  const fields = Object.values(served.getQueryType()?.getFields() ?? {})
  const silent = fields
    .filter(({ args }) => args.some(({ name }) => name === 'asOf'))
    .filter(({ type }) => {
      const named = getNamedType(type)
      const members = isUnionType(named) ? named.getTypes() : [named]
      return !members.some((one) => isObjectType(one) && 'snapshot' in one.getFields())
    })
  expect(silent.map(({ name }) => name).sort()).toEqual([...WITHOUT_SNAPSHOT].sort())
})

/** Types whose values are plain data of the same shape. */
const PLAIN = new Set([
  'AgentInstance',
  'AgentInstances',
  'AlertChannel',
  'AlertTest',
  'AgentKey',
  'Cypher',
  'Assignments',
  'Argument',
  'Count',
  'Fact',
  'Delegation',
  'Delegations',
  'Exercised',
  'Granted',
  'GrantedTool',
  'Inherited',
  'InheritedTool',
  'InvalidArgumentError',
  'LinkText',
  'NarrowingProblem',
  'NotFoundError',
  'PageInfo',
  'Permission',
  'CalledSide',
  'CaseClosedError',
  'CaseConflictError',
  'CaseEventItem',
  'ConflictError',
  'ForbiddenError',
  'InvalidTransitionError',
  'SuppressionPreview',
  'TriagePayload',
  'Viewer',
  'Receipt',
  'ToolUse',
  'PolicyInvalidError',
  'PolicyReplay',
  'ReplayedCall',
  'PolicyResidual',
  'PolicySlip',
  'PolicyTextChange',
  // Answers of questions: plain data, of which the resolvers change what has another form here.
  'ActionFate',
  'AgentCoverage',
  'CoveredHop',
  'BlastRadius',
  'ChokePoint',
  'EffectCount',
  'End',
  'FindingProof',
  'LeastPrivilege',
  'Match',
  'Matches',
  'OwnerCount',
  'Paths',
  'ReachedBy',
  'Reacher',
  'TraceLink',
  'Pulse',
  'Way',
  'Zone',
  'ZonePosture',
  'ZoneReach',
  'Blamed',
  'EvidenceShare',
  'RulePosture',
  'TimeToTriage',
  'Trend',
  'TrendDay',
  'ProposedGrant',
  'Reach',
  'ReachCount',
  'Snapshot',
  'StartNode',
  'WhatIf',
  'Why',
  'WitnessStep',
])

test('every field of a type that stands for a node has a resolver', () => {
  const resolvers: Readonly<Record<string, object>> = RESOLVERS
  const missing = Object.values(served.getTypeMap()).flatMap((type) => {
    if (!isObjectType(type) || type.name.startsWith('__') || PLAIN.has(type.name)) return []
    if (/(Connection|Edge)$/.test(type.name)) return []
    return Object.keys(type.getFields()).flatMap((field) =>
      field in (resolvers[type.name] ?? {}) ? [] : [`${type.name}.${field}`],
    )
  })
  expect(missing.sort()).toEqual([
    'Authority.hops',
    'Authority.sentence',
    'Authority.source',
    'FlowStep.data',
    'FlowStep.did',
    'FlowStep.resource',
    'ForeignToken.flags',
    'ForeignToken.grade',
    'ForeignToken.notChecked',
    'ForeignToken.possession',
    'ForeignToken.profile',
    'PolicyEvaluation.engine',
    'PolicyEvaluation.mode',
    'PolicyEvaluation.policies',
    'PolicyFailure.code',
    'PolicyFailure.policy',
    'Remedy.holder',
    'Remedy.issuer',
    'Remedy.kind',
    'Remedy.sentence',
    'Remedy.task',
    'Remedy.tool',
    'TimelineEntry.what',
  ])
})

import { createHash } from 'node:crypto'
import { buildSchema, isObjectType, lexicographicSortSchema, printSchema } from 'graphql'
import { expect, test } from 'vitest'
import { SCHEMA_SDL } from './contract.ts'
import { createApiSchema } from './create-api.ts'
import { RESOLVERS } from './resolvers/index.ts'

const served = createApiSchema()

test('the schema that is served is the contract', () => {
  const contract = buildSchema(SCHEMA_SDL)
  expect(printSchema(lexicographicSortSchema(served))).toBe(
    printSchema(lexicographicSortSchema(contract)),
  )
})

/** A change of the contract is a decision: who makes it writes the new digest here. */
test('the contract changes on purpose only', () => {
  const digest = createHash('sha256')
    .update(printSchema(lexicographicSortSchema(served)))
    .digest('hex')
  expect(digest.slice(0, 16)).toBe('259f0a57c154065f')
})

test('no list of nodes is without a page size', () => {
  const paged = ['Finding', 'Action', 'Link']
  const unpaged = Object.values(served.getTypeMap()).flatMap((type) =>
    isObjectType(type) && !type.name.endsWith('Connection')
      ? Object.values(type.getFields()).flatMap((field) =>
          paged.some((name) => String(field.type) === `[${name}!]!`)
            ? [`${type.name}.${field.name}`]
            : [],
        )
      : [],
  )
  // Each of these is bounded by its resolver or by what it hangs on.
  expect(unpaged.sort()).toEqual([
    'Action.findings',
    'Chain.hops',
    'Chain.path',
    'Finding.sameIncident',
    'InheritedTool.findings',
    'Why.findings',
  ])
})

/** Types whose values are plain data of the same shape. */
const PLAIN = new Set([
  'AgentKey',
  'Assignments',
  'Argument',
  'Count',
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
  'Receipt',
  'ToolUse',
  // Answers of questions: plain data, of which the resolvers change what has another form here.
  'ActionFate',
  'AgentCoverage',
  'BlastRadius',
  'ChokePoint',
  'EffectCount',
  'LeastPrivilege',
  'OwnerCount',
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
    'Remedy.holder',
    'Remedy.issuer',
    'Remedy.kind',
    'Remedy.sentence',
    'Remedy.task',
    'Remedy.tool',
    'TimelineEntry.what',
  ])
})

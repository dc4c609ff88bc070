import { graphql, type ResultOf, type VariablesOf } from '../../api/graphql.ts'

const CASE_PARTS = graphql(`
  fragment CaseParts on Case {
    id title state version size openedAt openedBy updatedAt updatedBy closedAt closedBy
  }
`)

export const CASES = graphql(
  `
  query Cases($first: Int!, $after: String, $where: CaseFilter, $asOf: AsOf) {
    cases(first: $first, after: $after, where: $where, asOf: $asOf) {
      __typename
      ... on CaseConnection {
        nodes { ...CaseParts }
        pageInfo { hasNextPage endCursor }
        totalCount { value approximate }
      }
      ... on UserError { message }
    }
  }
`,
  [CASE_PARTS],
)

export const CASE = graphql(
  `
  query Case($id: ID!, $asOf: AsOf) {
    case(id: $id, asOf: $asOf) {
      __typename
      ... on Case { ...CaseParts }
      ... on UserError { message }
    }
  }
`,
  [CASE_PARTS],
)

/** What a case holds, each thing with what its own screen says of it. */
export const CASE_ITEMS = graphql(`
  query CaseItems($id: ID!, $first: Int!, $after: String, $asOf: AsOf) {
    case(id: $id, asOf: $asOf) {
      __typename
      ... on Case {
        items(first: $first, after: $after) {
          nodes {
            kind id note addedAt addedBy
            subject {
              __typename
              ... on Finding { rule title severity findingState: state happenedAt }
              ... on Chain { principal { name } hops { delegate { id name } } }
              ... on Link { depth issuedAt delegator { ... on Agent { name } ... on Principal { name } } delegate { name } chain { id } }
              ... on Action { tool at agent { name } chain { id } }
              ... on Approval { approvalAnswer: decision approvedTool: tool issuedAt approver { name } subject { name } link { chain { id } } }
              ... on Agent { name }
              ... on Decision { answer decidedTool: tool decidedAt: at issuer }
              ... on NotFoundError { message trimmedAt }
            }
          }
          pageInfo { hasNextPage endCursor }
          totalCount { value approximate }
        }
      }
      ... on UserError { message }
    }
  }
`)

export const CASE_HISTORY = graphql(`
  query CaseHistory($id: ID!, $first: Int!, $after: String, $asOf: AsOf) {
    case(id: $id, asOf: $asOf) {
      __typename
      ... on Case {
        history(first: $first, after: $after) {
          nodes { version at by change title state comment items { kind id note } }
          pageInfo { hasNextPage endCursor }
          totalCount { value approximate }
        }
      }
      ... on UserError { message }
    }
  }
`)

const CASE_TOLD = graphql(`
  fragment CaseTold on ChangeCaseResult {
    __typename
    ... on Case { id title version }
    ... on CaseConflictError { version }
    ... on UserError { message }
  }
`)

export const OPEN_CASE = graphql(
  `
  mutation OpenCase($input: OpenCaseInput!) {
    told: openCase(input: $input) { ...CaseTold }
  }
`,
  [CASE_TOLD],
)

export const ADD_TO_CASE = graphql(
  `
  mutation AddToCase($input: AddToCaseInput!) {
    told: addToCase(input: $input) { ...CaseTold }
  }
`,
  [CASE_TOLD],
)

export const TAKE_FROM_CASE = graphql(
  `
  mutation TakeFromCase($input: TakeFromCaseInput!) {
    told: takeFromCase(input: $input) { ...CaseTold }
  }
`,
  [CASE_TOLD],
)

export const CHANGE_CASE = graphql(
  `
  mutation ChangeCase($input: ChangeCaseInput!) {
    told: changeCase(input: $input) { ...CaseTold }
  }
`,
  [CASE_TOLD],
)

type Of<Result, Name> = Extract<Result, { readonly __typename: Name }>

export type CaseRow = Of<ResultOf<typeof CASES>['cases'], 'CaseConnection'>['nodes'][number]
export type CaseItem = Of<ResultOf<typeof CASE_ITEMS>['case'], 'Case'>['items']['nodes'][number]
export type CaseSubject = CaseItem['subject']
export type CaseEvent = Of<
  ResultOf<typeof CASE_HISTORY>['case'],
  'Case'
>['history']['nodes'][number]
export type Told = ResultOf<typeof ADD_TO_CASE>['told']
/** A thing as a case names it. */
export type CaseThing = Pick<
  VariablesOf<typeof ADD_TO_CASE>['input']['items'][number],
  'kind' | 'id'
>
export type CaseState = CaseRow['state']

export function casesIn({ cases }: ResultOf<typeof CASES>) {
  return cases
}

export function itemsIn({ case: of }: ResultOf<typeof CASE_ITEMS>) {
  return of.__typename === 'Case' ? of.items : of
}

export function historyIn({ case: of }: ResultOf<typeof CASE_HISTORY>) {
  return of.__typename === 'Case' ? of.history : of
}

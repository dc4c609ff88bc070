import { graphql, type ResultOf, type VariablesOf } from '../../../api/graphql.ts'

/** Says where somebody stands with findings: all of them change, or none. */
export const TRIAGE = graphql(`
  mutation Triage($input: TriageInput!) {
    triage(input: $input) {
      __typename
      ... on TriagePayload { findings { id triage { state version } } }
      ... on ConflictError {
        message version
        finding { id title triage { state assignee updatedBy updatedAt } }
      }
      ... on UserError { message }
    }
  }
`)

export type TriageState = VariablesOf<typeof TRIAGE>['input']['state'] & string
export type CloseReason = VariablesOf<typeof TRIAGE>['input']['reason'] & string
export type Conflict = Extract<ResultOf<typeof TRIAGE>['triage'], { __typename: 'ConflictError' }>

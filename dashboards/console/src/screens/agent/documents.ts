import { graphql, type ResultOf } from '../../api/graphql.ts'

export const AGENT = graphql(`
  query Agent($id: ID!, $asOf: AsOf) {
    agent(id: $id, asOf: $asOf) {
      __typename
      ... on Agent {
        id name kind version model charter firstSeenAt lastSeenAt
        instances { complete instances { instanceUid firstSeenAt lastSeenAt } }
        owner { id name disabled }
        keys { thumbprint algorithm registered links firstLinkAt lastLinkAt }
        granted {
          complete
          permissions {
            tool limits source state links expiresAt
            link { hash chain { id } }
          }
        }
        exercised {
          complete
          tools { tool uses { value approximate } lastUsedAt lastAction { id chain { id } } }
        }
        inherited {
          complete
          tools { tool uses lastAt from { id name } findings { id rule severity } }
        }
        delegatesTo { complete parties { party { __typename id name } links lastIssuedAt } }
        delegatedBy { complete parties { party { __typename id name } links lastIssuedAt } }
        findings(first: 20, state: [OPEN]) {
          nodes { id rule ruleName title severity grade happenedAt }
          totalCount { value approximate }
        }
      }
      ... on UserError { message }
    }
  }
`)

export type AgentProfile = Extract<ResultOf<typeof AGENT>['agent'], { __typename: 'Agent' }>
export type Permission = AgentProfile['granted']['permissions'][number]
export type ToolUse = AgentProfile['exercised']['tools'][number]
export type InheritedTool = AgentProfile['inherited']['tools'][number]

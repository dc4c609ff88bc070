import { graphql } from './graphql.ts'

export const FINDING_RAISED = graphql(`
  subscription FindingRaised($after: String) {
    findingRaised(after: $after) {
      cursor change learnedAt
      finding {
        id rule ruleName title severity state grade pages
        agent { id name }
        from { id name }
        chain { id }
        action { id }
      }
    }
  }
`)

export const FINDING_CURSOR = graphql(`query FindingCursor { findingCursor }`)

export const WHO_ASKS = graphql(`query WhoAsks { viewer { name roles tenant } }`)

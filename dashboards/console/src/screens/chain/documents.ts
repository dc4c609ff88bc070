import { graphql, type ResultOf } from '../../api/graphql.ts'

const WITHDRAWAL = graphql(`
  fragment WithdrawalParts on Withdrawal {
    hash kind at issuer
    by { __typename id name }
    verdict { state code detail meaning text }
  }
`)

const LINK = graphql(
  `
  fragment LinkParts on Link {
    hash profile grade scopes arrived parentHash depth maxDepth issuer holderKey purpose audience
    delegator { __typename id name }
    delegate { id name }
    granted { tool limits change }
    changes { tool limits change }
    approvalNeededFor
    signature
    verdict { state code detail meaning text }
    problems { tool argument detail reason }
    flags issuedAt expiresAt
    withdrawals { ...WithdrawalParts }
  }
`,
  [WITHDRAWAL],
)

export const CHAIN = graphql(`
  query Chain($id: ID!, $asOf: AsOf) {
    chain(id: $id, asOf: $asOf) {
      __typename
      ... on Chain {
        id complete grade task
        principal { id name kind disabled }
        findings(first: 50, state: [OPEN]) {
          nodes { id rule ruleName title severity tool action { id } link { hash } }
          totalCount { value approximate }
        }
      }
      ... on UserError { message }
      ... on NotFoundError { trimmedAt }
    }
  }
`)

export const CHAIN_LINKS = graphql(
  `
  query ChainLinks($id: ID!, $after: String, $asOf: AsOf) {
    chain(id: $id, asOf: $asOf) {
      __typename
      ... on Chain {
        links(first: 200, after: $after) {
          nodes { ...LinkParts }
          pageInfo { hasNextPage endCursor }
        }
      }
    }
  }
`,
  [LINK],
)

export const CHAIN_ACTIONS = graphql(
  `
  query ChainActions($id: ID!, $after: String, $asOf: AsOf) {
    chain(id: $id, asOf: $asOf) {
      __typename
      ... on Chain {
        actions(first: 50, after: $after) {
          nodes {
            id traceId spanId traceLinks { name url } tool audience at endedAt effect grade flags actionHash
            agent { id name }
            link { hash }
            arguments { name disclosed redacted value }
            verdict {
              chain { ...Part } possession { ...Part } identity { ...Part } status { ...Part }
              action { ...Part } approval { ...Part } decision { ...Part } effect { ...Part }
            }
            receipt { hash state }
            calledSide { receipt agreement }
            why {
              kind sentence
              breaksAt { hash depth }
              source { kind id holder { id name } giver { id name } signature }
            }
            approvals {
              id arrived tool decision issuedAt expiresAt
              approver { id name }
              subject { id name }
              verdict { ...Part }
              withdrawals { ...WithdrawalParts }
            }
            decisionRecords {
              id answer at issuer policyHash signature verdict { state code }
              evaluation { mode answer policies errors { code policy } latency }
            }
            findings { id rule ruleName title severity state }
          }
          pageInfo { hasNextPage endCursor }
        }
      }
    }
  }
  fragment Part on Outcome { state code detail meaning text }
`,
  [WITHDRAWAL],
)

/** Which of these had arrived. */
export const KNOWN_LINKS = graphql(`
  query KnownLinks($hashes: [ID!]!, $asOf: AsOf) {
    linkTexts(hashes: $hashes, asOf: $asOf) { hash }
  }
`)

export const LINK_TEXTS = graphql(`
  query LinkTexts($hashes: [ID!]!) {
    linkTexts(hashes: $hashes) { hash text }
  }
`)

export type ChainHead = Extract<ResultOf<typeof CHAIN>['chain'], { __typename: 'Chain' }>
export type ChainWithdrawal = ResultOf<typeof WITHDRAWAL>
export type ChainLink = ResultOf<typeof LINK>
type Actions = Extract<ResultOf<typeof CHAIN_ACTIONS>['chain'], { __typename: 'Chain' }>
export type ChainAction = Actions['actions']['nodes'][number]
export type ChainApproval = ChainAction['approvals'][number]
export type ChainDecision = ChainAction['decisionRecords'][number]
export type OutcomePart = ChainAction['verdict']['chain']

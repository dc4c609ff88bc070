import { graphql, type ResultOf } from '../../api/graphql.ts'

export const BLAST_RADIUS = graphql(`
  query BlastRadius(
    $from: StartInput!, $since: DateTime, $avoid: [EndInput!], $rules: [ReachRule!], $maxDepth: Int, $asOf: AsOf, $first: Int!
    $exercised: String, $exercisable: String
  ) {
    blastRadius(from: $from, since: $since, avoid: $avoid, rules: $rules, maxDepth: $maxDepth, asOf: $asOf) {
      __typename
      ... on BlastRadius {
        start { kind id name }
        granted { rows exercised exercisable agents }
        reachable { rows exercised exercisable agents }
        byEffect { effectClass exercised exercisable }
        owners { owner { id name } agents { id name } exercised exercisable }
        chokePoints { kind id cuts of sentence }
        byZone {
          zone { name criticality }
          count { rows exercised exercisable agents }
          chokePoints { kind id cuts of sentence }
        }
        cappedBy
        exercised(first: $first, after: $exercised) {
          nodes { ...ReachRow }
          pageInfo { hasNextPage endCursor }
          totalCount { value approximate }
        }
        exercisable(first: $first, after: $exercisable) {
          nodes { ...ReachRow }
          pageInfo { hasNextPage endCursor }
          totalCount { value approximate }
        }
      }
      ... on UserError { message }
    }
  }
  fragment ReachRow on Reach {
    principal { id name }
    agent { id name }
    tool limits resource from until rule decided effectClass exercised exercisable
    lastAction { id at chain { id } }
    zones { name criticality }
    witness { kind id sentence }
  }
`)

export const PATHS = graphql(`
  query Paths(
    $from: StartInput!, $to: EndInput!, $avoid: [EndInput!], $rules: [ReachRule!], $inForce: Boolean
    $since: DateTime, $maxDepth: Int, $first: Int!, $asOf: AsOf
  ) {
    paths(
      from: $from, to: $to, avoid: $avoid, rules: $rules, inForce: $inForce, since: $since, maxDepth: $maxDepth
      first: $first, asOf: $asOf
    ) {
      __typename
      ... on Paths {
        start { kind id name }
        to { kind id name }
        complete cappedBy
        paths { rule inForce decided steps { kind id sentence } }
        chokePoints { kind id cuts of sentence }
      }
      ... on UserError { message }
    }
  }
`)

export const REACHED_BY = graphql(`
  query ReachedBy(
    $to: EndInput!, $avoid: [EndInput!], $rules: [ReachRule!], $inForce: Boolean, $since: DateTime, $first: Int!
    $maxDepth: Int, $asOf: AsOf
  ) {
    reachedBy(
      to: $to, avoid: $avoid, rules: $rules, inForce: $inForce, since: $since, maxDepth: $maxDepth, asOf: $asOf
    ) {
      __typename
      ... on ReachedBy {
        to { kind id name }
        lookedAt cappedBy
        reachers(first: $first) {
          nodes {
            start { kind id name }
            way { rule inForce decided steps { kind id sentence } }
          }
          totalCount { value approximate }
        }
      }
      ... on UserError { message }
    }
  }
`)

export const WHAT_IF = graphql(`
  query WhatIf(
    $revoke: [ArtefactInput!]!, $since: DateTime, $asOf: AsOf, $first: Int!, $after: String, $fate: [Fate!]
  ) {
    whatIf(revoke: $revoke, since: $since, asOf: $asOf) {
      __typename
      ... on WhatIf {
        loses { value approximate }
        keeps { value approximate }
        unknown { value approximate }
        legitimateLost { value approximate }
        capped
        actions(first: $first, after: $after, fate: $fate) {
          nodes {
            fate sentence rules by
            action { id at tool effect grade agent { id name } chain { id } }
          }
          pageInfo { hasNextPage endCursor }
          totalCount { value approximate }
        }
      }
      ... on UserError { message }
    }
  }
`)

/** What an id names: each kind asked for at the least depth. */
export const KINDS_OF_ID = graphql(`
  query KindsOfId($id: ID!, $text: String!, $asOf: AsOf) {
    agent: blastRadius(from: { kind: AGENT, id: $id }, maxDepth: 1, asOf: $asOf) { __typename }
    link: blastRadius(from: { kind: LINK, id: $id }, maxDepth: 1, asOf: $asOf) { __typename }
    approval: blastRadius(from: { kind: APPROVAL, id: $id }, maxDepth: 1, asOf: $asOf) { __typename }
    credential: blastRadius(from: { kind: CREDENTIAL, id: $id }, maxDepth: 1, asOf: $asOf) { __typename }
    key: blastRadius(from: { kind: KEY, id: $id }, maxDepth: 1, asOf: $asOf) { __typename }
    principal: blastRadius(from: { kind: PRINCIPAL, id: $id }, maxDepth: 1, asOf: $asOf) { __typename }
    resource: blastRadius(from: { kind: RESOURCE, id: $id }, maxDepth: 1, asOf: $asOf) { __typename }
    search(text: $text, asOf: $asOf) { __typename ... on Matches { matches { kind id } } }
  }
`)

export const KNOWN_AGENTS = graphql(`
  query KnownAgents($after: String, $asOf: AsOf) {
    coverage(first: 200, after: $after, asOf: $asOf) {
      nodes { agent { id name kind } hops { value approximate } dark sentence }
      pageInfo { hasNextPage endCursor }
      totalCount { value approximate }
    }
  }
`)

export type BlastRadius = Extract<
  ResultOf<typeof BLAST_RADIUS>['blastRadius'],
  { __typename: 'BlastRadius' }
>
export type ReachRow = BlastRadius['exercised']['nodes'][number]
export type ChokePoint = BlastRadius['chokePoints'][number]
export type Paths = Extract<ResultOf<typeof PATHS>['paths'], { __typename: 'Paths' }>
export type ReachedBy = Extract<
  ResultOf<typeof REACHED_BY>['reachedBy'],
  { __typename: 'ReachedBy' }
>
export type Way = Paths['paths'][number]
export type WhatIf = Extract<ResultOf<typeof WHAT_IF>['whatIf'], { __typename: 'WhatIf' }>
export type FateRow = WhatIf['actions']['nodes'][number]
export type KnownAgent = ResultOf<typeof KNOWN_AGENTS>['coverage']['nodes'][number]

import { graphql } from '../api/graphql.ts'

export const WHAT_IS_IT = graphql(`
  query WhatIsIt($id: ID!) {
    finding(id: $id) { __typename ... on Finding { id } }
    chain(id: $id) { __typename ... on Chain { id } }
    agent(id: $id) { __typename ... on Agent { id } }
    action(id: $id) { __typename ... on Action { id chain { id } } }
    approval(id: $id) { __typename ... on Approval { id link { chain { id } } } }
  }
`)

/** What a person who opens the address in a browser reads. Nothing is loaded from anywhere. */
export function landingText(url: string, login: boolean): string {
  const more = login
    ? 'Everybody is asked who they are: add -H "authorization: Bearer ..."'
    : `A page to try queries: ${new URL('/graphiql', url)}`
  return `Delegraph GraphQL

POST ${url} with content-type application/json. To try it:

curl -s ${url} -H 'content-type: application/json' -d '${JSON.stringify({ query: EXAMPLE })}'

Changes of findings as they come (server-sent events, from the first one that is kept):

curl -sN ${url} -H 'content-type: application/json' -H 'accept: text/event-stream' -d '${JSON.stringify({ query: STREAM })}'

${more}
`
}

export const EXAMPLE: string =
  '{ findings(first: 5, orderBy: { field: URGENCY }) { ... on FindingConnection { totalCount { value } nodes { id rule title severity grade counterfactual hops { depth delegator { name } delegate { name } covers } } } } }'

export const STREAM: string =
  'subscription { findingRaised(after: "0") { cursor change finding { id rule title } } }'

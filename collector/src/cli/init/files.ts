import type { JWK } from 'jose'

/** What `init` was told, or took. */
export interface InitAnswers {
  /** Folder of the journal and the graph, as the configuration names it. */
  readonly data: string
  /** `iss` of root links. */
  readonly issuer: string
  /** The principal of the example. */
  readonly person: string
  /** The service that the example calls. */
  readonly resource: string
}

export const SUGGESTED: InitAnswers = {
  data: '.delegraph',
  issuer: 'https://auth.example.com',
  person: 'person:alice',
  resource: 'https://tools.example.com/mcp',
}

export function configText({ data }: InitAnswers): string {
  return `${JSON.stringify({ data, trust: 'trust.json' }, null, 2)}\n`
}

/** Whose signatures count: both keys are of this folder until others are named in their place. */
export function trustText(
  { issuer }: InitAnswers,
  keys: { readonly issuer: JWK; readonly approvals: JWK },
): string {
  const trust = {
    version: '1',
    anchors: [{ iss: issuer, kid: 'root', jwk: keys.issuer }],
    approvers: [{ iss: `${issuer}/approvals`, kid: 'approvals', jwk: keys.approvals }],
  }
  return `${JSON.stringify(trust, null, 2)}\n`
}

/** A whole program: a person's yes, an agent that acts under it, and one that acts beyond it. */
export function exampleText({ issuer, person, resource }: InitAnswers): string {
  const literal = JSON.stringify
  return `// An agent that acts under a signed link. Start the collector, then: node agent.mjs
import { createDelegraph, createPrincipal, loadKey } from '@delegraph/sdk'

const collector = process.env.DELEGRAPH_OTLP ?? 'http://127.0.0.1:4318'
const tool = (name) => ${literal(`${resource}#`)} + name

// In production this key stays with whoever signs for people; it never lies beside an agent's.
const person = createPrincipal({
  id: ${literal(person)},
  iss: ${literal(issuer)},
  kid: 'root',
  key: await loadKey('issuer.jwk'),
  collector,
})
const agent = createDelegraph({ agent: 'agent:example', key: await loadKey('agent.jwk'), collector })

const chain = person.issue({
  to: agent.holder,
  tools: { [tool('read')]: { path: { constraint_type: 'exact', value: 'reports' } } },
  audience: ${literal(resource)},
  purpose: 'example',
})

await agent.under(chain, async () => {
  // Inside of what was given.
  await agent.act({ tool: tool('read'), args: { path: 'reports' }, audience: ${literal(resource)} }, () => 'text')
  // Beyond it: nobody gave delete. The collector raises a finding.
  await agent.act({ tool: tool('delete'), args: { path: 'reports' }, audience: ${literal(resource)} }, () => 'gone')
})
await Promise.all([person.flush(), agent.shutdown()])
console.log('sent; look with: delegraph findings')
`
}

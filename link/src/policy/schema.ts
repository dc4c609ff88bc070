import type { Schema, SchemaJson } from '@cedar-policy/cedar-wasm/nodejs'
import type { Cedar } from './cedar.ts'

/**
 * What policies are about, in Cedar's schema language. A request is one call: an agent (principal) uses a tool
 * (action) of a service (resource). Tools are actions that a policy names; all others are `"any other tool"`, which
 * no policy can tell apart, and none may name. Arguments of calls are not among it.
 */
export const POLICY_SCHEMA = `entity User;
entity Agent;
entity Service;

type Verdict = {
  chain: String, possession: String, identity: String, status: String,
  action: String, approval: String, decision: String,
};
type Chain = {
  verdict: Verdict,
  depth: Long,
  scopes: Set<String>,
  rootUid: String,
  ageSeconds: Long,
  agents: Set<Agent>,
};
type Approval = {
  id: String,
  approver: User,
  subject?: Agent,
  tool: String,
  uses: Long,
  expires: datetime,
};

action "any other tool" appliesTo {
  principal: [Agent],
  resource: [Service],
  context: {
    user: User,
    tool: String,
    chain: Chain,
    approval?: Approval,
    link: { status: String, expires: datetime },
    env: { at: datetime, name: String },
  },
};
`

export const OTHER_TOOL = 'any other tool'

/** The schema in which these tools are actions. */
export function schemaWith(tools: Iterable<string>, cedar: Cedar): Schema {
  const answer = cedar.schemaToJson(POLICY_SCHEMA)
  if (answer.type === 'failure') throw new Error(answer.errors[0]?.message)
  const { '': all } = answer.json
  const other = all?.actions[OTHER_TOOL]
  if (all === undefined || other === undefined) throw new Error('the schema has no action')
  const actions = Object.fromEntries([...tools].map((tool) => [tool, other]))
  return { '': { ...all, actions: { ...actions, [OTHER_TOOL]: other } } } as SchemaJson<string>
}

/**
 * Every span attribute, log record attribute and event name of Delegraph, in one place.
 *
 * Nothing upstream is settled (OpenTelemetry semantic-conventions-genai, proposals only), so the
 * namespace is our own. Values are strings, integers and string arrays: OpenTelemetry API 1.9 has
 * no maps. The comment after each name is its privacy class: R is a reference (a random id or a
 * salted hash), S is structure (agents, tools, limits), P is a pseudonym of a person, C is content.
 */
export const ATTR = {
  /** Profile of the link, `aat-02/strict-1`. On spans that start a hop, and on events. R */
  profile: 'delegation.profile',
  /** Hash of the root link: names the whole tree of links. Every span under a link, events. R */
  chainId: 'delegation.chain.id',
  /** Hash of the link in force: names the path. Every span under a link, events. R */
  linkHash: 'delegation.link.hash',
  /** The signed link itself, compact JWS. On the span that starts a hop, and on its event. S, P */
  linkJws: 'delegation.link.jws',
  /** Characters of the link as sent: a shorter text was cut on its way. R */
  linkSize: 'delegation.link.size',
  /** Depth of the link in force, 0 at the root. S */
  depth: 'delegation.depth',
  /** Hash of the parent link; absent on a root. R */
  parentHash: 'delegation.parent.hash',
  /** Task, the `txn` of the chain. R */
  taskId: 'delegation.task.id',
  /** The agent that acts, `act.sub` of the holder. S */
  agentId: 'delegation.agent.id',
  /** URI of the tool called. S */
  tool: 'delegation.tool',
  /** URI of the service called, where the call leaves the process. S */
  audience: 'delegation.audience',
  /** Hash that names this very call. R */
  actionHash: 'delegation.action.hash',
  /** Canonical JSON of the arguments that a link of the chain constrains, and of no others. C */
  actionArgs: 'delegation.action.args',
  /** Names of all arguments, sorted. S */
  actionArgNames: 'delegation.action.arg_names',
  /** Salted hash of the arguments that were not disclosed. R */
  actionRest: 'delegation.action.rest',
  /** The signed receipt of the acting agent, compact JWS. S, C */
  receipt: 'delegation.receipt',
  /** Signed approvals that the call used, compact JWS each. S, P */
  approval: 'delegation.approval',
  /** Signed decision of an enforcement point, compact JWS. S */
  decision: 'delegation.decision',
  /** Signed security event token that revokes a link or ends a task's links. S */
  revocation: 'delegation.revocation',
  /** Signed statement of the root's holder that the task is over. R */
  completion: 'delegation.completion',
  /** What the call is done to: a file, a record, a memory. S */
  resource: 'delegation.resource',
  /** Conversation or run, by the application's own id. R */
  sessionId: 'delegation.session.id',
  /** What the call is for, a short code of the purpose taxonomy. S */
  purpose: 'delegation.purpose',
  /** The principal that the agent says it acts for. P */
  onBehalfOf: 'delegation.principal.id',
  /** `zone`: nothing was presented and checked; it was let through for where it ran. S */
  acceptedBy: 'delegation.accepted_by',
  /** `control`: the call changes grants, policies, agents or secrets; `resource` says which. S */
  plane: 'delegation.plane',
  /** `wrote`, `read`, `sent` or `received`: a span or record that moves data and is no call. S */
  dataOp: 'delegation.data.op',
  /** Agent id that data came from, by the word of whoever received it. S */
  dataSource: 'delegation.data.source',
  /** Agent id that data was sent to, by the word of the sender. S */
  dataTarget: 'delegation.data.target',
  /** Keyed hashes of what a span returned or wrote. R */
  dataOut: 'delegation.data.out',
  /** Keyed hashes of what a span read. R */
  dataIn: 'delegation.data.in',
  /** Agents and data hashes that were seen to set an argument or the choice of operation. S */
  drivers: 'delegation.drivers',
  /** Thumbprint or keyed hash of the credential that the call presented; never the secret. R */
  credentialHash: 'delegation.credential.hash',
  /** What a broker signed about a credential: issued, or taken back. Compact JWS. S */
  credentialJws: 'delegation.credential.jws',
  /**
   * Tokens of other kinds that the call presented: OAuth access tokens that are JWTs, plain AAT. One that
   * is bound to no key goes without its signature: with it, it would be a secret. S, P
   */
  foreignJws: 'delegation.foreign.jws',
  /** DPoP proofs, each for one of those tokens. R */
  foreignDpop: 'delegation.foreign.dpop',
  /**
   * Workload identity token of the agent (`wit+jwt`), compact JWS: whose key it is, by the word of its
   * trust domain. No bearer token: nobody can use it without the private key that it names. S
   */
  identityJws: 'delegation.identity.jws',
  /** Who handed over, by the word of a framework. S */
  assertedDelegator: 'delegation.asserted.delegator.id',
  /** `approve` or `deny`, by the word of a framework. S */
  assertedApproval: 'delegation.asserted.approval',
  /** Hashes of the approvals and of the decisions that a call was let through on, where their texts are not there. R */
  approvalHash: 'delegation.approval.hash',
  decisionHash: 'delegation.decision.hash',
  /** How the call ended, `ok`, `failed` or `denied`, by the word of a framework. S */
  assertedEffect: 'delegation.asserted.effect',
  /** Who approved, by the word of a framework. P */
  assertedApprover: 'delegation.asserted.approver.id',
} as const

/** Names of the log records that carry the same evidence as the spans (OTLP `event_name`). */
export const EVENT = {
  link: 'delegation.link',
  receipt: 'delegation.receipt',
  approval: 'delegation.approval',
  decision: 'delegation.decision',
  revocation: 'delegation.revocation',
  completion: 'delegation.task.completed',
  credential: 'delegation.credential',
  data: 'delegation.data',
  asserted: 'delegation.asserted',
  foreign: 'delegation.foreign',
  identity: 'delegation.identity',
} as const
export type EventName = (typeof EVENT)[keyof typeof EVENT]

/** All our attributes begin with this. */
export const ATTR_PREFIX = 'delegation.'

/** The older place of an event's name in a log record; OTLP 1.5 added the field `event_name`. */
export const ATTR_EVENT_NAME = 'event.name'

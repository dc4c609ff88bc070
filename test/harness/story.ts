import { createHash, createPrivateKey, type KeyObject } from 'node:crypto'
import type { GraphNode, RegistryEntry } from '@delegraph/graph-schema'
import {
  type ApprovalClaims,
  actionHash,
  type CredentialClaims,
  createLinkMemo,
  type DecisionClaims,
  type IssuedLink,
  issueLink,
  type Json,
  limitsOf,
  NO_TRUST,
  narrowLink,
  nodeSigner,
  type ReceiptClaims,
  type RevocationClaims,
  restHash,
  SESSION_REVOKED,
  type Signer,
  signApproval,
  signCredential,
  signDecision,
  signingInputHash,
  signJws,
  signReceipt,
  signRegistry,
  signRevocation,
  splitArguments,
  THUMBPRINT_URI_PREFIX,
  type ToolGrants,
  type Trust,
  TYP,
  textDigest,
  thumbprintUri,
  withoutCompromised,
} from '@delegraph/link'
import { assertedItem } from '../../collector/src/evidence/extract.ts'
import { statusEvidence } from '../../collector/src/evidence/status.ts'
import type {
  CallFacts,
  Evidence,
  MovementFacts,
  RegistryEvidence,
  SignedEvidence,
  SignedKind,
  StatusEvidence,
} from '../../collector/src/evidence/types.ts'
import type { GraphStore } from '../../collector/src/graph/store.ts'
import type { Learned } from '../../collector/src/project/learned.ts'
import { judge, type StepSettings, step } from '../../collector/src/project/step.ts'
import { createRegistry } from '../../collector/src/verify/registry.ts'
import { foreignText, packed } from '../../link/src/testing/third-party.ts'
import { openMemoryStore } from '../contracts/memory-store.ts'

/** Every story begins here, NumericDate; nothing in a story reads the clock. */
export const T0 = 1_795_400_000

const PKCS8 = Buffer.from('302e020100300506032b657004220420', 'hex')

/** A key that depends on a name alone, for tests and nothing else. */
export function keyOf(name: string): Signer & { readonly privateKey: KeyObject } {
  const seed = createHash('sha256').update(`test key ${name}`).digest()
  const privateKey = createPrivateKey({
    key: Buffer.concat([PKCS8, seed]),
    format: 'der',
    type: 'pkcs8',
  })
  return { ...nodeSigner(privateKey), privateKey }
}

export const TOOL = {
  deploy: 'https://tools.example.com/mcp#deploy',
  status: 'https://tools.example.com/mcp#status',
  unlock: 'https://locks.example.com/mcp#unlock',
} as const

/** `env` must be exactly this. */
export function env(value: string): ToolGrants[string] {
  return { env: { constraint_type: 'exact', value } }
}

const ISS = 'https://auth.example.com'
const APPROVALS = 'https://approvals.example.com'
const COLLECTOR = 'https://collector.example.com'
const BROKER = 'https://broker.example.com'
const WORKLOADS = 'spiffe://example.org'
/** The list that roots of a story name where they name one. */
export const STATUS_URI = 'https://auth.example.com/status/7'
/** The service that most tools of a story belong to. */
export const TOOLS = 'https://tools.example.com/mcp'

export const TRUST: Trust = {
  ...NO_TRUST,
  version: 'story',
  anchors: [{ iss: ISS, kid: 'root', jwk: keyOf('root').jwk, status_hosts: ['auth.example.com'] }],
  approvers: [{ iss: APPROVALS, kid: 'approvals', jwk: keyOf('approvals').jwk }],
  pdps: [{ iss: 'https://pdp.example.com', kid: 'pdp', jwk: keyOf('pdp').jwk }],
  setIssuers: [{ iss: ISS, kid: 'set', jwk: keyOf('set').jwk }],
  toolServers: [
    { iss: 'https://tools.example.com', kid: 'tools', aud: TOOLS, jwk: keyOf('tools').jwk },
  ],
  credentialIssuers: [{ iss: BROKER, kid: 'broker', jwk: keyOf('broker').jwk }],
  owners: [{ iss: 'https://owners.example.com', kid: 'owner', jwk: keyOf('owner').jwk }],
  workloads: [{ iss: WORKLOADS, kid: 'workloads', jwk: keyOf('workloads').jwk }],
}

export interface CallOptions {
  readonly args?: Readonly<Record<string, Json>>
  readonly approvals?: readonly string[]
  /** The call that was proposed and approved, where somebody else acts on it. */
  readonly as?: ProposedCall
  readonly at?: number
  readonly status?: 'ok' | 'failed' | 'denied'
  readonly drivers?: readonly string[]
  readonly credential?: string
  /** Signs the receipt; the actor's own key where absent, nobody for `null`. */
  readonly signer?: Signer | null
  readonly span?: boolean
  /** The service called; the call stays in its process where absent. */
  readonly audience?: string
  /** What else the agent says of the call, in its receipt and on its span. */
  readonly said?: Partial<ReceiptClaims>
  /** A link or a record of which only the hash is known. */
  readonly link?: string
  /** Further facts of the span. */
  readonly facts?: Partial<CallFacts>
}

export interface ProposedCall {
  readonly tool: string
  readonly args: Readonly<Record<string, Json>>
  readonly rest: string
  readonly names: readonly string[]
  readonly hash: string
  readonly audience: string
}

/** Tells a short history in signed evidence, and judges it with the collector's own code. */
export class Story {
  readonly evidence: Evidence[] = []
  readonly store: GraphStore
  /** Whom the collector of the story trusts. */
  trust: Trust = TRUST
  #registry: RegistryEntry[] = []
  #count = 0

  constructor(store: GraphStore = openMemoryStore()) {
    this.store = store
  }

  registry(...entries: RegistryEntry[]): this {
    this.#registry.push(...entries)
    return this
  }

  /** Owners and a principal for everybody named, so that only what a test is about is wrong. */
  knows(...agents: string[]): this {
    return this.registry(
      { type: 'principal', id: 'person:alice', kind: 'person' },
      ...agents.map(
        (agent): RegistryEntry => ({
          type: 'owner',
          agent,
          owner: 'person:alice',
          keys: [keyOf(agent).jwk],
        }),
      ),
    )
  }

  root(
    agent: string,
    tools: ToolGrants,
    more: Partial<Parameters<typeof issueLink>[0]> = {},
  ): IssuedLink {
    const link = issueLink({
      signer: keyOf('root'),
      iss: ISS,
      kid: 'root',
      sub: 'person:alice',
      txn: 'task-1',
      jti: this.#id(),
      holder: keyOf(agent).jwk,
      act: { sub: agent, sub_profile: 'ai_agent' },
      tools,
      iat: T0,
      ...more,
    })
    this.add('link', link.text)
    return link
  }

  link(
    parent: IssuedLink,
    agent: string,
    tools: ToolGrants,
    more: Partial<Parameters<typeof narrowLink>[1]> = {},
  ): IssuedLink {
    const link = narrowLink(parent, {
      signer: keyOf(parent.claims.act.sub),
      jti: this.#id(),
      holder: keyOf(agent).jwk,
      act: { sub: agent, sub_profile: 'ai_agent' },
      tools,
      iat: T0 + 10,
      ...more,
    })
    this.add('link', link.text)
    return link
  }

  /** A link that no honest package would sign: claims of a real one, changed, by any key. */
  forge(base: IssuedLink, changes: object, signer: Signer): IssuedLink {
    const claims = { ...base.claims, jti: this.#id(), ...changes } as IssuedLink['claims']
    const text = signJws(
      { alg: signer.alg, typ: TYP.link },
      JSON.parse(JSON.stringify(claims)) as Json,
      signer,
    )
    this.add('link', text)
    return { text, hash: signingInputHash(text) ?? '', claims }
  }

  propose(
    link: IssuedLink,
    tool: string,
    args: Readonly<Record<string, Json>>,
    audience = '',
  ): ProposedCall {
    const split = splitArguments([limitsOf(link.claims)], tool, args)
    const rest = restHash(split.rest, `salt ${this.#id()}`)
    const hash = actionHash({ aud: audience, args: split.disclosed, rest, tool })
    return { tool, args: split.disclosed, rest, names: split.names, hash, audience }
  }

  approve(
    link: IssuedLink,
    call: ProposedCall,
    more: {
      decision?: 'approve' | 'deny'
      at?: number
      exp?: number
      by?: string
      acr?: string
    } = {},
  ): string {
    const at = more.at ?? T0 + 20
    const { text } = signApproval({
      signer: keyOf('approvals'),
      kid: 'approvals',
      claims: {
        iss: APPROVALS,
        sub: more.by ?? 'person:alice',
        aud: call.audience,
        jti: this.#id(),
        iat: at,
        exp: more.exp ?? at + 300,
        txn: link.claims.txn,
        aat_hash: link.hash,
        aat_tool: call.tool,
        action_hash: call.hash,
        decision: more.decision ?? 'approve',
        amr: ['hwk'],
        ...(more.acr === undefined ? {} : { acr: more.acr }),
        args: call.args,
        rest: call.rest,
      },
    })
    this.add('approval', text)
    return text
  }

  decide(
    link: IssuedLink,
    call: ProposedCall | undefined,
    allow: boolean,
    more: { intent?: DecisionClaims['intent']; claims?: Partial<DecisionClaims> } = {},
  ): string {
    const { intent, claims } = more
    const { text } = signDecision({
      signer: keyOf('pdp'),
      kid: 'pdp',
      claims: {
        iss: 'https://pdp.example.com',
        aud: COLLECTOR,
        jti: this.#id(),
        iat: T0 + 25,
        evaluation_id: this.#id(),
        request_hash: textDigest('request'),
        aat_hash: link.hash,
        ...(call === undefined ? {} : { action_hash: call.hash }),
        ...claims,
        decision: allow,
        ...(intent === undefined ? {} : { intent }),
      },
    })
    this.add('decision', text)
    return text
  }

  /** What the enforcement point says of a class of calls of one tool by one agent. */
  rule(agent: string, tool: string, allow: boolean, more: Partial<DecisionClaims> = {}): string {
    const { text } = signDecision({
      signer: keyOf('pdp'),
      kid: 'pdp',
      claims: {
        ...{ iss: 'https://pdp.example.com', aud: COLLECTOR, jti: this.#id(), iat: T0 + 25 },
        ...{ evaluation_id: this.#id(), request_hash: textDigest('request') },
        ...{ act: { sub: agent }, aat_tool: tool, grants: {}, decision: allow, txn: 'task-1' },
        ...more,
      },
    })
    this.add('decision', text)
    return text
  }

  /** Data that one agent sends to another; gives its hash. */
  pass(from: string, to: string, at: number, more: Partial<MovementFacts> = {}): string {
    const data = textDigest(`data ${this.#next()}`)
    this.move(from, 'sent', { at: at * 1000, data: [data], peer: to, ...more })
    this.move(to, 'received', { at: at * 1000, data: [data], peer: from })
    return data
  }

  /** The same evidence and registry, to be told in another way. */
  again(): Story {
    const story = new Story()
    story.evidence.push(...this.evidence)
    story.trust = this.trust
    return story.registry(...this.#registry)
  }

  /** Withdraws a link, or a key by its thumbprint, from `at` on. */
  revoke(what: IssuedLink | { readonly key: string }, at: number, signer?: Signer): void {
    const claims: Omit<RevocationClaims, 'iss'> = {
      aud: COLLECTOR,
      jti: this.#id(),
      iat: at,
      sub_id:
        'key' in what
          ? { format: 'uri', uri: `${THUMBPRINT_URI_PREFIX}${what.key}` }
          : { format: 'jwt_id', iss: what.claims.iss, jti: what.claims.jti },
      events: { [SESSION_REVOKED]: { event_timestamp: at } },
    }
    const { text } =
      signer === undefined
        ? signRevocation({ signer: keyOf('set'), kid: 'set', claims: { ...claims, iss: ISS } })
        : signRevocation({ signer, claims })
    this.add('revocation', text)
  }

  /** One call under a link, or by the agent's own standing permission. Gives the action's id. */
  act(
    under: IssuedLink | { readonly agent: string },
    tool: string,
    options: CallOptions = {},
  ): string {
    const link = 'claims' in under ? under : undefined
    const agent = 'claims' in under ? under.claims.act.sub : under.agent
    const at = options.at ?? T0 + 30
    const call = options.as ?? this.#call(link, tool, options.args ?? {}, options.audience ?? '')
    const number = this.#next()
    const trace = createHash('sha256').update(`trace ${number}`).digest('hex').slice(0, 32)
    const span = createHash('sha256').update(`span ${number}`).digest('hex').slice(0, 16)
    const approvals = (options.approvals ?? []).map((text) => signingInputHash(text) ?? '')
    const claims: Omit<ReceiptClaims, 'iss' | 'jti'> & { jti: string } = {
      aud: COLLECTOR,
      jti: this.#id(),
      iat: at,
      aat_tool: call.tool,
      action_hash: call.hash,
      result: { status: options.status ?? 'ok' },
      trace: { trace_id: trace, span_id: span },
      args: call.args,
      arg_names: call.names,
      rest: call.rest,
      ...(link === undefined
        ? { act: { sub: agent } }
        : { aat_hash: link.hash, txn: link.claims.txn }),
      ...(approvals.length === 0 ? {} : { apr_hash: approvals }),
      ...(call.audience === '' ? {} : { aat_aud: call.audience }),
      ...(options.drivers === undefined ? {} : { drivers: options.drivers }),
      ...(options.credential === undefined ? {} : { credential: options.credential }),
      ...(options.link === undefined ? {} : { aat_hash: options.link, txn: 'task-1' }),
      ...options.said,
    }
    const id = `${trace}-${span}`
    if (options.signer !== null) {
      const signer = options.signer ?? keyOf(agent)
      this.add('receipt', signReceipt({ signer, claims }).text, id)
    }
    if (options.span !== false)
      this.#span(id, trace, span, agent, call, at, link, approvals, options)
    return id
  }

  /** The receipt of the service that was called, for the action with this id. */
  serve(
    id: string,
    under: IssuedLink,
    call: ProposedCall,
    more: { status?: 'ok' | 'failed' | 'denied'; signer?: Signer; at?: number } = {},
  ): void {
    const [trace = '', span = ''] = id.split('-')
    const { text } = signReceipt({
      signer: more.signer ?? keyOf('tools'),
      kid: 'tools',
      claims: {
        iss: 'https://tools.example.com',
        aud: COLLECTOR,
        jti: this.#id(),
        iat: more.at ?? T0 + 30,
        aat_tool: call.tool,
        aat_aud: call.audience,
        aat_hash: under.hash,
        txn: under.claims.txn,
        action_hash: call.hash,
        result: { status: more.status ?? 'ok' },
        trace: { trace_id: trace, span_id: span },
        args: call.args,
        arg_names: call.names,
        rest: call.rest,
      },
    })
    this.add('receipt', text, id)
  }

  /** What the broker says of a credential, by its hash. */
  credential(
    hash: string,
    more: Partial<CredentialClaims> & Pick<CredentialClaims, 'event'>,
  ): void {
    const issued = { issued_to: ['agent:worker'], exp: T0 + 3600, txn: 'task-1' }
    const { text } = signCredential({
      signer: keyOf('broker'),
      kid: 'broker',
      claims: {
        iss: BROKER,
        aud: COLLECTOR,
        jti: this.#id(),
        iat: T0,
        credential: hash,
        ...(more.event === 'issued' ? issued : {}),
        ...more,
      },
    })
    this.add('credential', text)
  }

  /**
   * What the status list says from `from` on: the values of some entries, all others are valid. It is made
   * and asked for at `from`, under the root key, and holds for an hour, unless `more` says otherwise.
   */
  answer(
    from: number,
    values: Readonly<Record<number, number>>,
    more: {
      bits?: 1 | 2 | 4 | 8
      claims?: Readonly<Record<string, Json>>
      signer?: Signer
      uri?: string
      askedAt?: number
    } = {},
  ): StatusEvidence {
    const { bits = 1, signer = keyOf('root'), uri = STATUS_URI, askedAt = from } = more
    const text = foreignText(
      { typ: 'statuslist+jwt', kid: 'root', alg: signer.alg },
      {
        sub: uri,
        iat: from,
        exp: from + 3600,
        status_list: { bits, lst: packed(bits, 64, values) },
        ...more.claims,
      },
      signer,
    )
    const item = statusEvidence({ uri, text, askedAt })
    this.evidence.push(item)
    return item
  }

  /** A workload identity token: the trust domain says whose key that is. */
  attest(
    sub: string,
    key: Signer,
    more: {
      claims?: Readonly<Record<string, Json>>
      header?: Readonly<Record<string, Json>>
      signer?: Signer
    } = {},
  ): string {
    const signer = more.signer ?? keyOf('workloads')
    const text = foreignText(
      { typ: 'wit+jwt', kid: 'workloads', alg: signer.alg, ...more.header },
      { sub, iat: T0, exp: T0 + 3600, cnf: { jwk: { ...key.jwk } }, ...more.claims },
      signer,
    )
    this.add('identity', text)
    return text
  }

  /** A yes to a class of calls of one tool by one agent. */
  approveClass(
    agent: string,
    tool: string,
    more: Partial<ApprovalClaims> & { readonly by?: string } = {},
  ): string {
    const { by = 'person:alice', iat = T0 + 20, ...claims } = more
    const { text } = signApproval({
      signer: keyOf('approvals'),
      kid: 'approvals',
      claims: {
        ...{ iss: APPROVALS, sub: by, aud: '', jti: this.#id(), iat, exp: iat + 3600 },
        ...{ aat_tool: tool, act: { sub: agent }, grants: {}, decision: 'approve', amr: ['hwk'] },
        ...claims,
      },
    })
    this.add('approval', text)
    return text
  }

  /** Takes an approval back, as the service that gave it. */
  unapprove(approval: string, at: number, iss = APPROVALS): void {
    const { jti } = JSON.parse(
      Buffer.from(approval.split('.')[1] ?? '', 'base64url').toString('utf8'),
    ) as { jti: string }
    const { text } = signRevocation({
      signer: keyOf(iss === APPROVALS ? 'approvals' : 'set'),
      kid: iss === APPROVALS ? 'approvals' : 'set',
      claims: {
        ...{ iss, aud: COLLECTOR, jti: this.#id(), iat: at },
        sub_id: { format: 'jwt_id', iss: APPROVALS, jti },
        events: { [SESSION_REVOKED]: { event_timestamp: at } },
      },
    })
    this.add('revocation', text)
  }

  /** An unsigned statement; gives the hash that others cite it by. */
  assert(record: object): string {
    const item = assertedItem(JSON.stringify(record))
    this.evidence.push(item)
    return item.id
  }

  /** Data that an agent says it moved. */
  move(agent: string, op: MovementFacts['op'], more: Partial<MovementFacts> = {}): void {
    const number = this.#next()
    const facts: MovementFacts = {
      ...{ trace: `trace-${number}`, span: `span-${number}`, op, at: (T0 + 30) * 1000, agent },
      data: [],
      ...more,
    }
    this.evidence.push({ kind: 'movement', id: textDigest(JSON.stringify(facts)), facts })
  }

  add(kind: SignedKind, text: string, action?: string): SignedEvidence {
    const item: SignedEvidence = {
      kind,
      id: textDigest(text),
      artefact: signingInputHash(text) ?? textDigest(text),
      text,
      size: text.length,
      truncated: false,
      ...(action === undefined ? {} : { action }),
    }
    this.evidence.push(item)
    return item
  }

  /** Delivers the evidence, all at once unless it is given in parts, and judges it. */
  async told(
    parts: readonly (readonly Evidence[])[] = [this.evidence],
    heardAt = T0,
  ): Promise<this> {
    for (const part of parts) {
      const learned = part.map((evidence): Learned => ({ evidence, learnedAt: heardAt * 1000 }))
      const settings = this.#settings()
      const result = await step(this.store, learned, settings)
      await this.store.write(result)
    }
    return this
  }

  /** Judges again at a later time, NumericDate. */
  async later(at: number): Promise<this> {
    const actions = await this.store.page({
      kind: 'Action',
      where: {},
      orderBy: 'id',
      direction: 'asc',
      limit: 1000,
    })
    const settings = { ...this.#settings(), now: at * 1000 }
    const result = await judge(
      this.store,
      actions.map((node) => node.key),
      [],
      settings,
    )
    await this.store.write(result)
    return this
  }

  /** The registry as its owner signs it. */
  signedRegistry(): RegistryEvidence {
    const plain = JSON.parse(JSON.stringify(this.#registry)) as Json[]
    const claims = { iss: 'https://owners.example.com', iat: T0, version: '1', entries: plain }
    const { text } = signRegistry({ signer: keyOf('owner'), kid: 'owner', claims })
    return { kind: 'registry', id: textDigest(text), text }
  }

  /** The whole graph as text, without what is history: findings that were withdrawn. */
  async graph(): Promise<string> {
    const lines: string[] = []
    for await (const item of this.store.dump()) {
      const withdrawn =
        'columns' in item && item.kind === 'Finding' && item.columns['state'] !== 'open'
      if (!withdrawn) lines.push(JSON.stringify(item))
    }
    return lines.join('\n')
  }

  async findings(): Promise<GraphNode[]> {
    return this.store.page({
      kind: 'Finding',
      where: { equals: { state: ['open'] } },
      orderBy: 'rule',
      direction: 'asc',
      limit: 1000,
    })
  }

  /**
   * `D1 agent:worker` for each open finding, without the notes that nothing checked a call (D8,
   * exposure): a story has no enforcement point unless it is about one.
   */
  async fired(): Promise<string[]> {
    const found = await this.findings()
    return found
      .filter(({ columns }) => columns['rule'] !== 'D8' || columns['class'] !== 'exposure')
      .map(({ columns }) => `${columns['rule']} ${columns['agent']}`)
      .sort()
  }

  async action(id: string): Promise<GraphNode> {
    const [node] = await this.store.find('Action', 'id', [id])
    if (node === undefined) throw new Error(`no action ${id}`)
    return node
  }

  #settings(): StepSettings {
    const entries = this.#registry
    return {
      trust: withoutCompromised(this.trust),
      registry: createRegistry(entries.length === 0 ? '' : '1', T0, entries),
      memo: createLinkMemo({ max: 1000 }),
      now: T0 * 1000,
      pendingWindow: 900_000,
    }
  }

  #call(
    link: IssuedLink | undefined,
    tool: string,
    args: Readonly<Record<string, Json>>,
    audience: string,
  ): ProposedCall {
    if (link !== undefined) return this.propose(link, tool, args, audience)
    const rest = restHash({}, `salt ${this.#id()}`)
    return {
      tool,
      args,
      rest,
      names: Object.keys(args).sort(),
      hash: actionHash({ aud: audience, args, rest, tool }),
      audience,
    }
  }

  #span(
    id: string,
    trace: string,
    span: string,
    agent: string,
    call: ProposedCall,
    at: number,
    link: IssuedLink | undefined,
    approvals: readonly string[],
    options: CallOptions,
  ): void {
    const facts: CallFacts = {
      trace,
      span,
      name: `execute_tool ${call.tool}`,
      startedAt: at * 1000,
      endedAt: at * 1000 + 5,
      statusError: false,
      agent,
      tool: call.tool,
      ...(call.audience === '' ? {} : { audience: call.audience }),
      actionHash: call.hash,
      args: JSON.stringify(call.args),
      argNames: call.names,
      drivers: options.drivers ?? [],
      approvals,
      decisions: [],
      receipts: [],
      instrumented: true,
      idsInvalid: false,
      ...(link === undefined ? {} : { link: link.hash, task: link.claims.txn }),
      ...(options.credential === undefined ? {} : { credential: options.credential }),
      ...(options.link === undefined ? {} : { link: options.link, task: 'task-1' }),
      ...options.facts,
    }
    this.evidence.push({ kind: 'span', id: textDigest(JSON.stringify(facts)), action: id, facts })
  }

  #next(): number {
    this.#count += 1
    return this.#count
  }

  #id(): string {
    const number = String(this.#next()).padStart(12, '0')
    return `019a8c3e-7b10-7000-8000-${number}`
  }
}

export { thumbprintUri }

import {
  type IssuedLink,
  issueLink,
  type Json,
  narrowLink,
  type Signer,
  signingInputHash,
  signJws,
  signReceipt,
  type ToolGrants,
  TYP,
} from '@delegraph/link'
import {
  type CallOptions,
  idsOf,
  openCall,
  type ProposedCall,
  proposed,
  receiptOf,
  spanOf,
} from './calls.ts'
import { StoryStatements } from './statements.ts'
import { COLLECTOR, ISS, keyOf, T0 } from './world.ts'

/** Tells a short history in signed evidence: who delegated what to whom, and what was done. */
export class Telling extends StoryStatements {
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
      jti: this.id(),
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
      jti: this.id(),
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
    const claims = { ...base.claims, jti: this.id(), ...changes } as IssuedLink['claims']
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
    return proposed(link, tool, args, audience, `salt ${this.id()}`)
  }

  /** One call under a link, or by the agent's own standing permission. Gives the action's id. */
  act(
    under: IssuedLink | { readonly agent: string },
    tool: string,
    options: CallOptions = {},
  ): string {
    const link = 'claims' in under ? under : undefined
    const agent = 'claims' in under ? under.claims.act.sub : under.agent
    const call = options.as ?? this.#call(link, tool, options.args ?? {}, options.audience ?? '')
    const done = { link, agent, call, ...idsOf(this.next()), options }
    const claims = receiptOf(done, this.id())
    const id = `${done.trace}-${done.span}`
    if (options.signer !== null) {
      const signer = options.signer ?? keyOf(agent)
      this.add('receipt', signReceipt({ signer, claims }).text, id)
    }
    if (options.span !== false) this.evidence.push(spanOf(done))
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
        jti: this.id(),
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

  #call(
    link: IssuedLink | undefined,
    tool: string,
    args: Readonly<Record<string, Json>>,
    audience: string,
  ): ProposedCall {
    if (link !== undefined) return this.propose(link, tool, args, audience)
    return openCall(tool, args, audience, `salt ${this.id()}`)
  }
}

import { ATTR, EVENT } from '@delegraph/graph-schema'
import type { Anchor, Signer, ToolGrants } from '@delegraph/link'
import { act, grantsInForce, openAct } from './act/act.ts'
import { type Movement, moved } from './act/data.ts'
import { hop } from './act/hop.ts'
import { checkIdentity, type IdentitySource } from './act/identity.ts'
import type { OpenAct } from './act/open-act.ts'
import type { ActOptions } from './act/presented.ts'
import { type Call, type Proposal, proposalOf } from './act/proposal.ts'
import { keepRuntime, type Runtime } from './act/runtime.ts'
import { checkId, checkSigner, collectorAudience } from './config.ts'
import { SdkError } from './errors.ts'
import { createRecorder, type EvidenceOptions, type Stats } from './evidence/recorder.ts'
import { type Chain, type Holder, isHeldBy } from './link/chain.ts'
import { createNarrow, type NewGrant } from './link/narrow.ts'
import { receive } from './link/receive.ts'
import { completionOf, revocationOf } from './link/withdraw.ts'
import { activeIds, parentContext, runWith } from './trace/run.ts'
import { createStateStorage } from './trace/state.ts'

export interface DelegraphConfig extends EvidenceOptions {
  /** Agent id, a URI (`agent:planner`), or the id with its kind. */
  readonly agent: string | { readonly id: string; readonly kind?: 'ai_agent' | 'service' }
  /** The agent's private key; its links are bound to the public half. */
  readonly key: Signer
  /**
   * `constrained` where absent: arguments that some link of the chain constrains are shown to the
   * collector, the others as one salted hash. `none`: no argument value or name leaves the process.
   */
  readonly args?: 'constrained' | 'none'
  /** What the agent may do on its own account, as its owner registered it; decides what is shown of calls without a chain. */
  readonly standing?: ToolGrants
  /**
   * Tool URI to names of arguments that are shown to the collector beside those that a chain
   * constrains: what the owner's exports, approvals of classes or decisions look at.
   */
  readonly shown?: Readonly<Record<string, readonly string[]>>
  /** Root issuers: with them `receive` verifies signatures and refuses a chain that is not in order. */
  readonly anchors?: readonly Anchor[]
  /** With it the collector need not take the agent's name on the word of its delegator. */
  readonly identity?: IdentitySource
}

/** One agent: it receives and hands on authority, acts under it, and reports what it did. */
export interface Delegraph extends AsyncDisposable {
  readonly agent: string
  /** What a delegator names in `to`: this agent's id, kind and public key. */
  readonly holder: Holder
  /** What became of the evidence; losses never throw. */
  readonly stats: Stats

  /**
   * Takes a chain that was handed over, and reports every link of it. Throws `SdkError`
   * `not_holder` where it is bound to another key, `chain_refused` where it is not in order.
   */
  receive(texts: readonly string[]): Chain
  /**
   * Signs a link below the leaf for another agent. Throws `LinkError` when asked for more than the
   * chain holds (`widens`, `too_deep`, `delegate_not_permitted`), `wrong_signer` for a chain of
   * somebody else, and `SdkError` `chain_expired`.
   */
  narrow(chain: Chain, grant: NewGrant): Chain
  /** Runs a function with a chain in force. Throws `SdkError` `not_holder` for a chain of somebody else. */
  under<Result>(chain: Chain, run: () => Result): Result
  /** The chain in force here. */
  active(): Chain | undefined
  /** Runs this agent's work in the span that starts its hop and carries the signed link. */
  hop<Result>(name: string, run: () => Result | PromiseLike<Result>): Promise<Result>

  /** The exact call that an approver signs and that is then acted on. */
  propose(call: Call): Proposal
  /**
   * Runs a function as one call of a tool: a span, a signed receipt, and the same evidence as log
   * records. The function's error is rethrown unchanged. It grants nothing and refuses nothing:
   * the receipt says what was done, and under which link.
   */
  act<Result>(
    call: Call | Proposal,
    run: (open: OpenAct) => Result | PromiseLike<Result>,
    options?: ActOptions,
  ): Promise<Result>
  /** As `act`, for a call that outlives one function. Every opened call must be ended. */
  openAct(call: Call | Proposal, options?: ActOptions): OpenAct
  /** The call under way here. */
  activeAct(): OpenAct | undefined

  /**
   * Records that content moved outside a call: read from or written to a memory, sent or received.
   * The content stays where it is, only its keyed hash is told. Throws `SdkError` `invalid_data_hash`.
   */
  moved(movement: Movement): void

  /** Withdraws the last link of a chain that this agent, or a link of its above, signed. */
  revoke(chain: Chain): string
  /** Ends a task; for the holder of its root link. */
  complete(chain: Chain): string

  /** Sends what waits; false where some of it still waits after the deadline, 5 s where absent. */
  flush(milliseconds?: number): Promise<boolean>
  /** Flushes, then takes no more evidence. */
  shutdown(milliseconds?: number): Promise<void>
}

/** Makes the instance of one agent. Throws `SdkError` `invalid_config`. */
export function createDelegraph(config: DelegraphConfig): Delegraph {
  const runtime = newRuntime(config)
  const { recorder, storage, agent, key, collector: aud } = runtime
  const kind = typeof config.agent === 'string' ? undefined : config.agent.kind
  const here = () => activeIds(storage.getStore())
  const narrow = createNarrow(runtime, (link) => recorder.link(link, here()))
  const shutdown = (milliseconds?: number) => recorder.shutdown(milliseconds)
  const instance: Delegraph = {
    agent,
    holder: { agent, jwk: key.jwk, ...(kind === undefined ? {} : { kind }) },
    get stats() {
      return recorder.stats
    },
    receive: (texts) => receive(runtime, texts),
    narrow,
    under(chain, run) {
      if (!isHeldBy(chain, key.jwk))
        throw new SdkError('not_holder', 'the chain is bound to another key than this agent holds')
      for (const link of chain.links) recorder.link(link, here())
      return runWith(storage, { chain, context: parentContext(storage.getStore()) }, run)
    },
    active: () => storage.getStore()?.chain,
    hop: (name, run) => hop(runtime, name, run),
    propose: (call) => proposalOf(call, grantsInForce(runtime, storage.getStore()?.chain)),
    act: (call, run, options = {}) => act(runtime, call, run, options),
    openAct: (call, options = {}) => openAct(runtime, call, options),
    activeAct: () => storage.getStore()?.act,
    moved: (movement) => moved(runtime, movement),
    revoke(chain) {
      const text = revocationOf(chain, key, { aud })
      recorder.event({ name: EVENT.revocation, text, attributes: named(chain), ids: here() })
      return text
    },
    complete(chain) {
      const text = completionOf(chain, key, aud)
      recorder.event({ name: EVENT.completion, text, attributes: named(chain), ids: here() })
      return text
    },
    flush: (milliseconds) => recorder.flush(milliseconds),
    shutdown,
    [Symbol.asyncDispose]: shutdown,
  }
  keepRuntime(instance, runtime)
  return instance
}

function newRuntime(config: DelegraphConfig): Runtime {
  const agent = typeof config.agent === 'string' ? config.agent : config.agent?.id
  checkId(agent, 'agent')
  checkSigner(config.key)
  checkIdentity(config.identity, { agent, key: config.key })
  return {
    agent,
    key: config.key,
    collector: collectorAudience(config),
    recorder: createRecorder(config, { 'service.name': agent }),
    storage: createStateStorage(),
    disclose: config.args !== 'none',
    standing: config.standing ?? {},
    shown: shownGrants(config.shown ?? {}),
    anchors: config.anchors,
    identity: config.identity,
  }
}

/** Any constraint but a wildcard makes an argument one that is disclosed. */
function shownGrants(shown: Readonly<Record<string, readonly string[]>>): ToolGrants {
  const constraint = { constraint_type: 'not_one_of', excluded: [] } as const
  return Object.fromEntries(
    Object.entries(shown).map(([tool, names]) => [
      tool,
      Object.fromEntries(names.map((name) => [name, constraint])),
    ]),
  )
}

function named(chain: Chain) {
  return { [ATTR.chainId]: chain.id, [ATTR.linkHash]: chain.hash, [ATTR.taskId]: chain.task }
}

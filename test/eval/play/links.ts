import { ATTR, EVENT } from '@delegraph/graph-schema'
import {
  CONTAINER_CLAIM,
  DETAIL_TYPE,
  type IssuedLink,
  type Json,
  LIMITS,
  type LinkClaims,
  LinkError,
  type Signer,
  signingInputHash,
  signJws,
  type ToolGrants,
  TYP,
  textDigest,
  thumbprintUri,
  uuidv7,
} from '@delegraph/link'
import { type Chain, SdkError } from '@delegraph/sdk'
import { audienceOfTools } from '../../../sdk/src/link/audience.ts'
import { chainOf } from '../../../sdk/src/link/chain.ts'
import type { LinkEvent } from '../format.ts'
import { dateOf } from './clock.ts'
import { partsUnder } from './permissions.ts'
import type { Part, Stage } from './stage.ts'
import { assertLink } from './unsigned.ts'

/** Plays a link: each part of it that names an operation once, under one part of its parent, is a link of the product. */
export function playLink(stage: Stage, event: LinkEvent): void {
  const parents = (event.parent === null ? undefined : stage.links.get(event.parent)) ?? []
  const above = parents.map((part) => part.tools)
  const parts = partsUnder(stage.names, event.scope, above).map(({ tools, under }) => {
    const part = playPart(stage, event, tools, parents[under])
    stage.names.note(part.hash, event.id)
    return part
  })
  stage.links.set(event.id, parts)
}

/** Whether a part names all these operations. */
function within(tools: ToolGrants, parent: ToolGrants): boolean {
  return Object.keys(tools).every((tool) => Object.hasOwn(parent, tool))
}

function playPart(
  stage: Stage,
  event: LinkEvent,
  tools: ToolGrants,
  parent: Part | undefined,
): Part {
  const isBelowUnsigned = parent !== undefined && parent.chain === undefined
  const isSaid = event.sig === 'missing' || (event.sig === 'ok' && isBelowUnsigned)
  if (stage.unsigned || isSaid)
    return reported(
      stage,
      event,
      assertLink(stage, event, tools, parent, unseenAbove(stage, event)),
    )
  const unseen = unseenAbove(stage, event)
  const chain =
    unseen !== undefined
      ? forged(stage, event, tools, undefined, { hash: unseen, depth: 0, maxDepth: LIMITS.depth })
      : isBelowUnsigned
        ? forged(stage, event, tools, undefined, {
            ...parent,
            maxDepth: LIMITS.depth,
            sub: stage.names.of(claimedAbove(stage, event)),
          })
        : signed(stage, event, tools, parent?.chain)
  const { jti, del_depth: depth } = chain.leaf
  // Whoever carries the same token id a second time carries the first.
  if (event.jti !== undefined && !stage.jtis.has(event.jti)) stage.jtis.set(event.jti, jti)
  const base = { hash: chain.hash, tools, holder: event.holder, depth, chain, root: chain.id, jti }
  return reported(stage, event, { ...base, task: stage.names.of(event.task) })
}

/** The hash of a parent that is in no case: a link hangs below it that nobody shows. */
export function unseenAbove(stage: Stage, { parent }: LinkEvent): string | undefined {
  return parent === null || stage.links.has(parent)
    ? undefined
    : textDigest(stage.names.of(`unseen ${parent}`))
}

/** On whose behalf the chain above is said to be: what is not said of a link is as it is above. */
function claimedAbove(stage: Stage, event: LinkEvent): string {
  let top = event
  for (let i = 0; i < LIMITS.links; i += 1) {
    const above = stage.case.events.find(
      (other): other is LinkEvent => other.type === 'link' && other.id === top.parent,
    )
    if (above === undefined) break
    top = above
  }
  return claimedIn(top)
}

/** What the sender says beside the link, whatever the link says. */
function reported(stage: Stage, { reported_depth }: LinkEvent, part: Part): Part {
  if (reported_depth !== undefined) stage.outbox.amendLast({ [ATTR.depth]: reported_depth })
  return part
}

function signed(
  stage: Stage,
  event: LinkEvent,
  tools: ToolGrants,
  above: Chain | undefined,
): Chain {
  const again = event.jti !== undefined && stage.jtis.has(event.jti)
  if (event.sig === 'spliced' && above !== undefined) {
    const chain = spliced(stage, event, tools, above)
    if (chain !== undefined) return chain
  }
  if (event.sig !== 'ok' || again) return forged(stage, event, tools, above)
  try {
    return above === undefined ? root(stage, event, tools) : narrowed(stage, event, tools, above)
  } catch (error) {
    // The SDK rightly refuses it; whoever wants to cheat does not use the SDK.
    if (error instanceof LinkError || error instanceof SdkError)
      return forged(stage, event, tools, above)
    throw error
  }
}

function root(stage: Stage, event: LinkEvent, tools: ToolGrants): Chain {
  const { holder, issuer, task, purpose } = event
  const grant = {
    ...common(stage, event, tools),
    task: stage.names.of(task),
    maxDepth: deepest(event, 0) ?? LIMITS.depth,
    lifetimeSeconds:
      event.exp === undefined ? LIMITS.lifetime : dateOf(event.exp) - stage.clock.seconds,
    ...(purpose === undefined ? {} : { purpose: stage.names.of(purpose) }),
  }
  if (stage.isPrincipal(issuer)) return stage.principal(issuer, claimedIn(event)).issue(grant)
  // Nobody whom a collector trusts: it takes itself for an issuer.
  const link = hostile(stage, event, grant.tools, undefined, {
    signer: stage.actors.get(issuer)?.key ?? stage.world.rogue,
    iss: `https://self.eval.example/${encodeURIComponent(issuer)}`,
    kid: 'self',
    holder,
  })
  return chainOf([link])
}

function claimedIn({ principal, issuer }: LinkEvent): string {
  return principal === null ? 'nobody' : (principal ?? issuer)
}

function narrowed(stage: Stage, event: LinkEvent, tools: ToolGrants, above: Chain): Chain {
  const { issuer, exp, purpose, principal } = event
  const giver = stage.actors.get(issuer)
  if (giver === undefined) throw new SdkError('not_issuer', `${issuer} is no agent`)
  if (principal !== undefined && above.leaf.sub !== stage.names.of(principal ?? 'nobody'))
    throw new SdkError('invalid_config', 'another principal')
  if (above.task !== stage.names.of(event.task))
    throw new SdkError('invalid_config', 'another task')
  if (exp !== undefined && dateOf(exp) > above.leaf.exp)
    throw new SdkError('chain_expired', 'it would outlive its parent')
  const depth = deepest(event, above.leaf.del_depth + 1)
  return stage.newInstance(giver).narrow(above, {
    ...common(stage, event, tools),
    lifetimeSeconds: exp === undefined ? LIMITS.lifetime : dateOf(exp) - stage.clock.seconds,
    ...(depth === undefined ? {} : { maxDepth: depth }),
    ...(purpose === undefined ? {} : { purpose: stage.names.of(purpose) }),
  })
}

function common(stage: Stage, event: LinkEvent, tools: ToolGrants) {
  const replaced = event.replaces === undefined ? undefined : stage.links.get(event.replaces)
  const before = (replaced?.find((part) => within(tools, part.tools)) ?? replaced?.[0])?.chain
  return {
    to: { agent: stage.names.of(event.holder), jwk: holderKey(stage, event.holder).jwk },
    tools,
    ...(before === undefined ? {} : { replaces: before }),
  }
}

function holderKey(stage: Stage, holder: string): Signer {
  return stage.actors.get(holder)?.key ?? stage.world.rogue
}

/** `del_max_depth` of a link at this depth; undefined where nothing limits it. */
function deepest({ redelegable, depth_left }: LinkEvent, depth: number): number | undefined {
  if (!redelegable) return depth
  return depth_left === undefined ? undefined : Math.min(depth + depth_left, LIMITS.depth)
}

/** Signed under another chain of the one who hands on, and carried as if it lay under this one. */
function spliced(
  stage: Stage,
  event: LinkEvent,
  tools: ToolGrants,
  shown: Chain,
): Chain | undefined {
  const other = otherChain(stage, event)
  const giver = stage.actors.get(event.issuer)
  if (other === undefined || giver === undefined) return undefined
  try {
    const chain = stage.newInstance(giver).narrow(other, common(stage, event, tools))
    stage.outbox.amendLast({
      [ATTR.parentHash]: shown.hash,
      [ATTR.depth]: shown.leaf.del_depth + 1,
    })
    return chain
  } catch (error) {
    if (error instanceof LinkError || error instanceof SdkError) return undefined
    throw error
  }
}

/** A link that no honest package signs: by the event's own word, under whatever key. */
function forged(
  stage: Stage,
  event: LinkEvent,
  tools: ToolGrants,
  above: Chain | undefined,
  base: Base | undefined = above && baseOf(above),
): Chain {
  const own = stage.actors.get(event.issuer)?.key
  const rogue = event.sig === 'wrong_key' || own === undefined
  const principal = stage.isPrincipal(event.issuer)
  const service = principal ? stage.rootOf(event.issuer) : undefined
  const signer = rogue
    ? event.sig === 'wrong_key'
      ? stage.world.rogue
      : (service?.key ?? stage.world.rogue)
    : own
  const under = event.sig === 'spliced' ? elsewhere(stage, event, base) : base
  const link = hostile(stage, event, tools, under, {
    signer,
    iss:
      base === undefined
        ? (service?.iss ?? 'https://self.eval.example')
        : thumbprintUri(signer.jwk),
    ...(base === undefined ? { kid: service?.kid ?? 'self' } : {}),
    holder: event.holder,
  })
  // It is carried as if it lay where the event says.
  if (under !== base && base !== undefined)
    stage.outbox.amendLast({ [ATTR.parentHash]: base.hash, [ATTR.depth]: base.depth + 1 })
  const [first, ...rest] = above?.links ?? []
  return first === undefined ? chainOf([link]) : chainOf([first, ...rest, link])
}

/** What a link is hung under, as far as its claims depend on it. */
interface Base {
  readonly hash: string
  readonly depth: number
  readonly maxDepth: number
  /** Absent where nobody signed what is above. */
  readonly sub?: string
  readonly exp?: number
}

function baseOf({ hash, leaf }: Chain): Base {
  return { hash, depth: leaf.del_depth, maxDepth: leaf.del_max_depth, sub: leaf.sub, exp: leaf.exp }
}

/** Where a spliced link was really issued: under another link of the case, else under one that nobody shows. */
function elsewhere(stage: Stage, event: LinkEvent, shown: Base | undefined): Base {
  const chains = [...stage.links].flatMap(([id, parts]) =>
    id === event.parent ? [] : (parts[0]?.chain ?? []),
  )
  const [other] = chains
  if (other !== undefined) return baseOf(other)
  const hash = textDigest(stage.names.of(`above ${event.id}`))
  return { maxDepth: LIMITS.depth, depth: 0, ...shown, hash }
}

interface Forger {
  readonly signer: Signer
  readonly iss: string
  readonly kid?: string
  readonly holder: string
}

function hostile(
  stage: Stage,
  event: LinkEvent,
  tools: ToolGrants,
  base: Base | undefined,
  { signer, iss, kid, holder }: Forger,
): IssuedLink {
  const iat = stage.clock.seconds
  const depth = base === undefined ? 0 : base.depth + 1
  const audience = audienceOfTools(tools)
  const replaced = event.replaces === undefined ? undefined : stage.links.get(event.replaces)?.[0]
  const { principal, purpose } = event
  const known = event.jti === undefined ? undefined : stage.jtis.get(event.jti)
  const end = event.exp === undefined ? (base?.exp ?? iat + LIMITS.lifetime) : dateOf(event.exp)
  const payload = {
    iss,
    sub:
      principal === undefined && base?.sub !== undefined
        ? base.sub
        : stage.names.of(claimedIn(event)),
    txn: stage.names.of(event.task),
    jti: known ?? uuidv7(Date.now()),
    iat,
    // Two links of one token id are two texts, however alike: the same text sent again is no second link.
    exp: known !== undefined && event.exp === undefined ? end - 1 : end,
    act: { sub: stage.names.of(holder), sub_profile: 'ai_agent' },
    cnf: { jwk: holderKey(stage, holder).jwk },
    del_depth: depth,
    del_max_depth: deepest(event, depth) ?? Math.max(depth, base?.maxDepth ?? LIMITS.depth),
    authorization_details: [{ type: DETAIL_TYPE, tools }],
    ...(base === undefined ? {} : { par_hash: base.hash }),
    ...(audience === undefined ? {} : { aud: audience }),
    ...(purpose === undefined ? {} : { tctx: { purpose: stage.names.of(purpose) } }),
    ...(replaced === undefined ? {} : { [CONTAINER_CLAIM]: { replaces: replaced.hash } }),
  }
  const header = { alg: signer.alg, typ: TYP.link, ...(kid === undefined ? {} : { kid }) }
  const text = spoiled(event, header, payload as unknown as Json, signer)
  const hash = signingInputHash(text) ?? ''
  const attributes = { [ATTR.linkHash]: hash, [ATTR.linkSize]: text.length, [ATTR.depth]: depth }
  stage.outbox.say(EVENT.link, text, attributes)
  return { text, hash, claims: payload as unknown as LinkClaims }
}

/** Signs what is said, and spoils it where the event says how. */
function spoiled(
  { sig }: LinkEvent,
  header: Readonly<Record<string, Json>>,
  payload: Json,
  signer: Signer,
): string {
  const text = signJws(header, payload, signer)
  const [head = '', body = '', signature = ''] = text.split('.')
  if (sig === 'forged') {
    const bytes = Buffer.from(signature, 'base64url')
    bytes.writeUInt8(bytes.readUInt8(0) ^ 0xff, 0)
    return `${head}.${body}.${bytes.toString('base64url')}`
  }
  if (sig === 'altered') {
    const before = { ...(payload as Record<string, Json>), exp: 1 }
    const [, , other = ''] = signJws(header, before, signer).split('.')
    return `${head}.${body}.${other}`
  }
  return text
}

/** Another chain of the one who hands on: where a spliced link was really issued. */
function otherChain(stage: Stage, event: LinkEvent): Chain | undefined {
  for (const [id, parts] of stage.links) {
    const chain = parts[0]?.chain
    if (id !== event.parent && parts[0]?.holder === event.issuer && chain !== undefined)
      return chain
  }
  return undefined
}

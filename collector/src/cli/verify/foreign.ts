import { type Outcome, outcomeText } from '@delegraph/graph-schema'
import {
  DPOP_TYP,
  type ForeignReading,
  isFault,
  jwtTyp,
  LIMITS,
  openJwt,
  PLAIN_PROFILE,
  type PlainVerdict,
  type Trust,
  textDigest,
  verifyAccessToken,
  verifyPlainChain,
} from '@delegraph/link'
import { ocsfDelegation, ocsfOf } from '../../evidence/ocsf.ts'
import { OCSF_PROFILE } from '../../project/foreign/ocsf-delegations.ts'
import { plainHolder } from '../../project/foreign/plain-text.ts'
import { who } from '../../verify/words.ts'
import { paint } from '../paint.ts'

const TOKEN_TYPS: ReadonlySet<string> = new Set(['at+jwt', 'jwt', ''])

/** Texts of a file by what reads them: ours, and tokens and proofs of other kinds. */
export function splitForeign(texts: readonly string[]): {
  readonly own: readonly string[]
  readonly tokens: readonly string[]
  readonly proofs: readonly string[]
} {
  const typs = texts.map((text) => {
    const jwt = openJwt(text, LIMITS.artefactSize)
    return isFault(jwt) ? undefined : jwtTyp(jwt)
  })
  const of = (wanted: (typ: string | undefined) => boolean) =>
    texts.filter((_, index) => wanted(typs[index]))
  const isToken = (typ: string | undefined) => typ !== undefined && TOKEN_TYPS.has(typ)
  return {
    own: of((typ) => !isToken(typ) && typ !== DPOP_TYP),
    tokens: of(isToken),
    proofs: of((typ) => typ === DPOP_TYP),
  }
}

/** Reads access tokens offline, each with the proof that was made for it. */
export function judgeTokens(
  tokens: readonly string[],
  proofs: readonly string[],
  { tokenIssuers: issuers }: Trust,
  at: number,
): ForeignReading[] {
  return tokens.map((token) => {
    const proof = proofs.find((text) => athOf(text) === textDigest(token)) ?? proofs[0]
    return verifyAccessToken(token, { issuers, at, ...(proof === undefined ? {} : { proof }) })
  })
}

function athOf(proof: string): unknown {
  const jwt = openJwt(proof, LIMITS.linkSize)
  return isFault(jwt) ? undefined : jwt.payload['ath']
}

/** A token for a terminal: who, how much is shown, and what was not checked. */
export function drawToken(reading: ForeignReading): string {
  const { outcome, hops, principal, possession, scopes, tools, flags, notChecked } = reading
  const scope = tools === undefined ? 'what it grants is not known' : Object.keys(tools).join(', ')
  return [
    `${paint('bold', 'access token')}, rfc8693  ${paint('dim', reading.hash?.slice(0, 8) ?? '')}  ${words(outcome)}`,
    ...(principal === undefined ? [] : [`${who(principal)} (principal)`]),
    ...hops.map(
      ({ delegator, delegate, grade }) => `  └─ ${who(delegate)}  from ${who(delegator)}  ${grade}`,
    ),
    `  possession  ${words(possession)}`,
    `  scope       ${scopes.join(' ') || 'none'}  (${scope})`,
    ...(flags.length === 0 ? [] : [`  flags       ${flags.join(', ')}`]),
    paint('dim', `not checked: ${notChecked.join(', ')}`),
  ].join('\n')
}

/**
 * What a chain that our profile refuses is as a plain one, where the draft accepts it: it says so, and
 * the verdict of our profile stands. Undefined where the draft refuses it too.
 */
export function drawPlain(texts: readonly string[], trust: Trust): string | undefined {
  const verdicts = verifyPlainChain(texts, trust)
  if (verdicts.some(({ outcome }) => outcome.state !== 'ok')) return undefined
  return [
    `as a plain chain, ${PLAIN_PROFILE}: in order, ${verdicts.length === 1 ? 'one token' : `${verdicts.length} tokens`}, grade signed`,
    ...verdicts.map((verdict, index) => plainLine(verdict, texts[index])),
    paint('dim', 'not checked: time, audience, revocation, possession, the call'),
  ].join('\n')
}

function plainLine({ flags }: PlainVerdict, text: string | undefined): string {
  const refused = flags.map((flag) => flag.replace('strict:', '')).join(', ')
  return `  └─ ${who(plainHolder(text) ?? 'unknown')}  signed  ${paint('dim', refused === '' ? '' : `lacks for our profile: ${refused}`)}`
}

/** An OCSF event with a delegation, or undefined for input of another kind. */
export function drawOcsf(input: string): string | undefined {
  const evidence = ocsfDelegation(input)
  if (evidence === undefined) return undefined
  const { delegation, ai_agent: agent, actor } = ocsfOf(evidence)
  const giver = actor?.user?.uid ?? actor?.user?.name ?? 'unknown'
  return [
    `${paint('bold', 'delegation')}, ${OCSF_PROFILE}  ${delegation.uid}`,
    `${who(giver)} (principal)`,
    `  └─ ${who(agent?.uid ?? agent?.name ?? 'unknown')}  asserted`,
    ...(delegation.parent_uid === undefined ? [] : [`  below       ${delegation.parent_uid}`]),
    `  scope       ${delegation.scopes?.join(' ') ?? 'none'}  (what it grants is not known)`,
    paint('dim', 'not checked: anything, since nobody signed it'),
  ].join('\n')
}

function words(outcome: Outcome): string {
  const text = outcomeText(outcome)
  if (outcome.state === 'failed') return paint('red', text)
  return outcome.state === 'unknown' ? paint('yellow', text) : paint('green', text)
}

import {
  type Anchor,
  ENGINE,
  type IssuedLink,
  issueLink,
  LIMITS,
  narrowLink,
  type ToolGrants,
  verifyChain,
} from '@delegraph/link'
import { ecKey, edKey, type TestKey } from './keys.ts'
import {
  type Contender,
  type Framed,
  framedRates,
  type Measured,
  median,
  pairedRatio,
} from './measure.ts'
import { opensslVerifyRate } from './openssl.ts'

const ROUNDS = 9
const AT = 1_795_400_100

const KINDS = [
  { name: 'Ed25519', key: edKey, reference: 'ed25519' },
  { name: 'ES256', key: ecKey, reference: 'ecdsap256' },
] as const
/** 16 is the longest chain that the profile allows. */
const DEPTHS = [1, 5, 16, 20]
/** About a second, as long as openssl measures. */
const LINKS_PER_RUN = 10_000

/** Links verified per CPU-second: signature, claims, linkage and narrowing, nothing remembered. */
export async function verify(): Promise<Measured> {
  // In this process only: a chain of 20 goes the same way as one of 16 and meets no limit.
  Object.assign(LIMITS, { links: 20, depth: 19 })
  const cases = KINDS.flatMap((kind) =>
    DEPTHS.map((depth) => ({ ...kind, name: `${kind.name}, ${depth} links`, kind, depth })),
  )
  const found = new Map<string, Framed>()
  for (const kind of KINDS) {
    const own = cases.filter((one) => one.kind === kind)
    const reference = { name: kind.reference, rate: () => opensslVerifyRate(kind.reference) }
    const contenders = own.map(({ name, key, depth }) => contenderOf(name, chain(key, depth)))
    for (const [name, framed] of await framedRates(contenders, reference, ROUNDS))
      found.set(name, framed)
  }
  const of = (name: string) => found.get(name)?.rates ?? []
  const around = (name: string) => found.get(name)?.references ?? []
  return {
    name: 'verify',
    unit: 'links per CPU-second',
    reference:
      'openssl speed, verifications per second of user time, measured before and after every run',
    results: cases.map(({ name, reference }) => ({
      case: name,
      reference: `openssl speed ${reference}`,
      rate: median(of(name)),
      referenceRate: median(around(name)),
      rounds: ROUNDS,
      ...pairedRatio(of(name), around(name)),
    })),
    notes: [
      ...KINDS.map((kind) => {
        const own = cases.filter((one) => one.kind === kind)
        const costs = own.map(({ name, depth }) => [depth, depth / median(of(name))] as const)
        return `${kind.name}: the cost of a chain grows with its length to the power of ${exponent(costs).toFixed(3)}`
      }),
      `Ed25519 by ${ENGINE}`,
      'each link: size, form, signature, canonical payload, claims, linkage, narrowing; no memo',
      'user and system time of all threads, collection of garbage included; each hop narrows an amount',
      '20 links are more than the profile takes: the limit of 16 is lifted here and nowhere else',
      `one link has ${chain(edKey, 1).texts[0]?.length} characters`,
    ],
  }
}

function contenderOf(name: string, { texts, anchors }: Chain): Contender {
  return {
    name,
    run() {
      let links = 0
      while (links < LINKS_PER_RUN) {
        const { outcome } = verifyChain(texts, { anchors, at: AT })
        if (outcome.state !== 'ok') throw new Error(`${name}: the chain does not verify`)
        links += texts.length
      }
      return links
    },
  }
}

/** Slope of the logarithms by least squares: 1 where each link costs the same. */
function exponent(costs: readonly (readonly [number, number])[]): number {
  const points = costs.map(([depth, cost]) => [Math.log(depth), Math.log(cost)] as const)
  const mean = (values: readonly number[]) => values.reduce((a, b) => a + b, 0) / values.length
  const x = mean(points.map((point) => point[0]))
  const y = mean(points.map((point) => point[1]))
  const above = points.reduce((sum, point) => sum + (point[0] - x) * (point[1] - y), 0)
  return above / points.reduce((sum, point) => sum + (point[0] - x) ** 2, 0)
}

interface Chain {
  readonly texts: readonly string[]
  readonly anchors: readonly Anchor[]
}

/** Each holder gives on a little less than it was given. */
function toolsAt(depth: number): ToolGrants {
  return {
    'https://erp.example.com/mcp#post_adjustment': {
      amount: { constraint_type: 'range', min: 0, max: 500 - depth },
      currency: { constraint_type: 'exact', value: 'USD' },
      invoice_id: { constraint_type: 'wildcard' },
    },
    'https://files.example.com/mcp#read_file': {
      path: { constraint_type: 'one_of', values: ['/finance/invoices.csv', '/finance/ledger.csv'] },
    },
  }
}

function chain(key: (name: string) => TestKey, depth: number): Chain {
  const issuer = key('root')
  const holder = (i: number) => key(`agent ${i}`)
  const act = (i: number) =>
    ({ sub: `spiffe://example.org/agent/${i}`, sub_profile: 'ai_agent' }) as const
  const first = issueLink({
    signer: issuer.signer,
    iss: 'https://auth.example.com',
    kid: 'root',
    sub: 'u_7f3c2a91',
    holder: holder(0).signer.jwk,
    act: act(0),
    tools: toolsAt(0),
    iat: AT - 100,
    del_max_depth: LIMITS.depth,
  })
  const links: IssuedLink[] = [first]
  for (let i = 1; i < depth; i += 1) {
    links.push(
      narrowLink(links.at(-1) ?? first, {
        signer: holder(i - 1).signer,
        holder: holder(i).signer.jwk,
        act: act(i),
        tools: toolsAt(i),
        iat: AT - 100,
      }),
    )
  }
  return {
    texts: links.map((link) => link.text),
    anchors: [{ iss: 'https://auth.example.com', kid: 'root', jwk: issuer.signer.jwk }],
  }
}

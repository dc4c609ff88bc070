import {
  type Anchor,
  ENGINE,
  type IssuedLink,
  issueLink,
  narrowLink,
  verifyChain,
} from '@delegraph/link'
import { ecKey, edKey, type TestKey } from './keys.ts'
import { type Contender, cpuRates, type Measured, ratio } from './measure.ts'
import { opensslVerifyRate } from './openssl.ts'

const ROUNDS = 7
const AT = 1_795_400_100
const TOOLS = {
  'https://erp.example.com/mcp#post_adjustment': {
    amount: { constraint_type: 'range', min: 0, max: 500 },
    currency: { constraint_type: 'exact', value: 'USD' },
    invoice_id: { constraint_type: 'wildcard' },
  },
  'https://files.example.com/mcp#read_file': {
    path: { constraint_type: 'one_of', values: ['/finance/invoices.csv', '/finance/ledger.csv'] },
  },
} as const

const KINDS = [
  { name: 'Ed25519', key: edKey, reference: 'ed25519' },
  { name: 'ES256', key: ecKey, reference: 'ecdsap256' },
] as const
/** 16 is the longest chain that the profile allows. */
const DEPTHS = [1, 2, 5, 10, 16]

/** Links verified per CPU-second: signature, claims, linkage and narrowing, nothing remembered. */
export async function verify(): Promise<Measured> {
  const cases = KINDS.flatMap((kind) =>
    DEPTHS.map((depth) => ({ ...kind, name: `${kind.name}, ${depth} links`, kind, depth })),
  )
  const contenders = cases.map(({ name, key, depth }): Contender => {
    const { texts, anchors } = chain(key, depth)
    return {
      name,
      run() {
        let links = 0
        while (links < 4_000) {
          const verdict = verifyChain(texts, { anchors, at: AT })
          if (verdict.outcome.state !== 'ok') throw new Error(`${name}: the chain does not verify`)
          links += depth
        }
        return links
      },
    }
  })
  const rates = await cpuRates(contenders, ROUNDS)
  const references = {
    ed25519: opensslVerifyRate('ed25519', 3),
    ecdsap256: opensslVerifyRate('ecdsap256', 3),
  }
  return {
    name: 'verify',
    unit: 'links per CPU-second',
    reference: 'openssl speed, verifications per second',
    results: cases.map(({ name, reference }) => {
      const rate = rates.get(name) ?? Number.NaN
      const referenceRate = references[reference]
      return { case: name, rate, referenceRate, ratio: ratio(rate, referenceRate) }
    }),
    notes: [
      ...KINDS.map((kind) => {
        const own = cases.filter((one) => one.kind === kind)
        const costs = own.map(({ name, depth }) => [depth, depth / (rates.get(name) ?? 0)] as const)
        return `${kind.name}: the cost of a chain grows with its length to the power of ${exponent(costs).toFixed(3)}`
      }),
      `Ed25519 by ${ENGINE}`,
      'each link: size, form, signature, canonical payload, claims, linkage, narrowing; no memo',
      `one link has ${chain(edKey, 1).texts[0]?.length} characters`,
    ],
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

function chain(
  key: (name: string) => TestKey,
  depth: number,
): { readonly texts: string[]; readonly anchors: readonly Anchor[] } {
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
    tools: TOOLS,
    iat: AT - 100,
    del_max_depth: 15,
  })
  const links: IssuedLink[] = [first]
  for (let i = 1; i < depth; i += 1) {
    links.push(
      narrowLink(links.at(-1) ?? first, {
        signer: holder(i - 1).signer,
        holder: holder(i).signer.jwk,
        act: act(i),
        tools: TOOLS,
        iat: AT - 100,
      }),
    )
  }
  return {
    texts: links.map((link) => link.text),
    anchors: [{ iss: 'https://auth.example.com', kid: 'root', jwk: issuer.signer.jwk }],
  }
}

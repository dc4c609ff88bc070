import { issueLink, signJws, TYP } from '@delegraph/link'
import { createGuard, readPresentation } from '@delegraph/sdk/guard'
import { edKey } from './keys.ts'
import { type Contender, type Measured, median, pairedRatio, roundRates } from './measure.ts'

const ROUNDS = 9
const TEXTS = 2_000
const AT = 1_795_400_100
const AUDIENCE = 'https://tools.example.com/mcp'
const TOOL = `${AUDIENCE}#read`
const ISS = 'https://auth.example.com'
const REFERENCE = 'signature by a stranger'

/**
 * What a guard spends on refusing a stranger's texts, by what is wrong with them: what differs here can
 * be told from time by whoever measures often enough. Texts are new to each guard unless it is said.
 */
export async function refusals(): Promise<Measured> {
  const root = edKey('root').signer
  const stranger = edKey('stranger').signer
  const trust = { anchors: [{ iss: ISS, kid: 'root', jwk: root.jwk }] }
  const link = (index: number, more: { readonly iat?: number } = {}) =>
    issueLink({
      signer: root,
      iss: ISS,
      kid: 'root',
      sub: 'person:alice',
      txn: `task-${index}`,
      holder: edKey('holder').signer.jwk,
      act: { sub: 'agent:worker', sub_profile: 'ai_agent' },
      tools: { [TOOL]: {} },
      iat: AT - 60,
      ...more,
    })
  const signed = (index: number, kid: string) =>
    signJws(
      { alg: stranger.alg, kid, typ: TYP.link },
      JSON.parse(JSON.stringify(link(index).claims)),
      stranger,
    )
  const kinds: Readonly<Record<string, (index: number) => string>> = {
    [REFERENCE]: (index) => signed(index, 'root'),
    'not a link': (index) => `text ${index}`,
    'unknown kid': (index) => signed(index, 'other'),
    'expired, signed by us': (index) => link(index, { iat: AT - 90_000 }).text,
    'in order, no proof': (index) => link(index).text,
  }
  const contenders: Contender[] = []
  for (const [name, make] of Object.entries(kinds)) {
    const texts = Array.from({ length: TEXTS }, (_, index) => make(index))
    contenders.push({ name, run: () => refuseAll(texts) })
    if (name === REFERENCE)
      contenders.push({
        name: 'the same text again',
        run: () => refuseAll(texts.map(() => texts[0] ?? '')),
      })
  }
  const rates = await roundRates(contenders, ROUNDS)
  const of = (name: string) => rates.get(name) ?? []
  return {
    name: 'refusals',
    unit: 'refusals per CPU-second',
    reference: 'a link under a known kid with the signature of a stranger',
    results: contenders
      .filter(({ name }) => name !== REFERENCE)
      .map(({ name }) => ({
        case: name,
        rate: median(of(name)),
        referenceRate: median(of(REFERENCE)),
        rounds: ROUNDS,
        ...pairedRatio(of(name), of(REFERENCE)),
      })),
    notes: [
      'a ratio of 1 cannot be told from the reference; what it says is in docs/threat-model.md',
    ],
  }

  async function refuseAll(texts: readonly string[]): Promise<number> {
    const guard = createGuard({ audience: AUDIENCE, trust, clock: () => AT * 1000 })
    for (const text of texts) {
      const { accept } = await guard.check(readPresentation({ aat_chain: [text] }), { tool: TOOL })
      if (accept) throw new Error('a stranger was accepted')
    }
    return texts.length
  }
}

/**
 * Writes links.json, the signed vectors that any implementation of the profile can run.
 * `node --conditions=delegraph-source test/vectors/generate.ts`
 */
import { writeFileSync } from 'node:fs'
import { canonicalize, PROFILE } from '@delegraph/link'
import { ACTION, ACTION_HASH, REST_HASH } from './cases/artefact-case.ts'
import { artefactCases } from './cases/artefacts.ts'
import { formCases } from './cases/form.ts'
import { linkageCases } from './cases/linkage.ts'
import { mixedCases } from './cases/mixed.ts'
import { narrowingCases } from './cases/narrowing.ts'
import { profileCases } from './cases/profile.ts'
import { thirdPartyCases } from './cases/third-party.ts'
import { PARTIES, SEED_BYTES } from './keys.ts'
import { type Maker, maker, ROOT_KID } from './maker.ts'
import { FILE } from './recorded.ts'

const texts: string[] = []

const cases = (make: Maker) => [
  ...linkageCases(make),
  ...formCases(make),
  ...narrowingCases(make),
  ...profileCases(make),
]
const twins = <Case extends { readonly id: string }>(list: readonly Case[]) =>
  list.map((test) => ({ ...test, id: `${test.id}.es256` }))

const chains = [
  ...cases(maker('Ed25519')).map((test) => ({ alg: 'Ed25519', ...test })),
  ...mixedCases().map((test) => ({ alg: 'Ed25519', ...test })),
  ...twins(cases(maker('ES256'))).map((test) => ({ alg: 'ES256', ...test })),
]
const artefacts = [...artefactCases('Ed25519'), ...twins(artefactCases('ES256'))]
const thirdParty = [...thirdPartyCases('Ed25519'), ...twins(thirdPartyCases('ES256'))]

const vectors = {
  profile: PROFILE,
  note: 'Keys are one repeated byte each and public. `at` is NumericDate; a chain is indexes into texts, root first; expect is ok, or an outcome code with an optional detail behind a colon.',
  seeds: SEED_BYTES,
  anchors: { Ed25519: [anchor('Ed25519')], ES256: [anchor('ES256')] },
  action: {
    ...ACTION,
    rest_preimage: canonicalize({ rest: ACTION.rest, salt: ACTION.salt }),
    rest_hash: REST_HASH,
    preimage: canonicalize({
      aud: ACTION.aud,
      args: ACTION.disclosed,
      rest: REST_HASH,
      tool: ACTION.tool,
    }),
    action_hash: ACTION_HASH,
  },
  chains: chains.map((test) => ({ ...test, chain: test.chain.map(indexed) })),
  artefacts,
  third_party: thirdParty,
  texts,
}
writeFileSync(FILE, `${JSON.stringify(vectors, null, 1)}\n`)

function anchor(alg: 'Ed25519' | 'ES256') {
  return { iss: 'https://auth.example.com', kid: ROOT_KID, jwk: PARTIES[alg].root.jwk }
}

/** Most chains share links: each text stands in the file once. */
function indexed(text: string): number {
  const index = texts.indexOf(text)
  return index < 0 ? texts.push(text) - 1 : index
}

import { writeFileSync } from 'node:fs'
import { argv } from 'node:process'
import { fileURLToPath } from 'node:url'
import { AAT_DIFFERENCES, AAT_FROM, AAT_RESULTS } from './aat-results.ts'
import { attackTable } from './attack-table.ts'
import { JWS_DEVIATIONS } from './deviations.ts'
import { SUITES } from './suites.ts'

export const REPORT = fileURLToPath(new URL('../../docs/conformance.md', import.meta.url))

/** The conformance page: what others' vectors say of this verifier, and where ours are. */
export function report(): string {
  const rows = SUITES.map((suite) => {
    const cases = suite.run()
    const valid = cases.filter((one) => one.valid)
    const taken = valid.filter((one) => one.accepted).length
    const wrong = cases.filter((one) => !one.valid && one.accepted).length
    const invalid = cases.length - valid.length
    return `| ${suite.name} | ${suite.from} | ${cases.length} | ${taken} of ${valid.length} | ${invalid - wrong} of ${invalid} |`
  })
  const reasons = JWS_DEVIATIONS.map(({ ids, reason }) => `| ${ids.join(', ')} | ${reason} |`)
  return `# Conformance

Written by \`node --conditions=delegraph-source test/conformance/report.ts\`; a test compares it with a new run
wherever the vectors are at hand. They are read from a folder beside the checkout, or from the one that
\`DELEGRAPH_CONFORMANCE\` names, and are never copied here.

## Vectors that others wrote

| suite | from | cases | valid accepted | invalid refused |
|---|---|---|---|---|
${rows.join('\n')}

Every valid JSON Web Signature that is refused, by its id:

| ids | why |
|---|---|
${reasons.join('\n')}

The strict profile refuses more: a text without \`typ\`, a header that is not canonical. That is what makes a
link of this profile; the suites above are held against the pieces that it is opened with.

${aatSection()}
## Vectors of our own

\`test/vectors/links.json\` holds chains and artefacts, good and hostile, as plain JSON, each with the outcome that
it must have; [its page](../test/vectors/README.md) says what the letters mean. Each Ed25519 case has an ES256 twin.

## Attacks

Each attack that the profile knows of, and the tests whose names say what must fail. Vectors come with their
ES256 twins. A result in code is the outcome of the vectors; the other tests need state or a way to travel.

${attackTable()}

## Differences to jose

\`link/src/jose.differential.test.ts\` makes hostile tokens of many kinds, judges them with jose and with the
profile's verifier, and fails on a difference that is not on its list: more than 100,000 tokens for each change
(\`.ci/run\`, or \`DIFFERENTIAL_ROUNDS=1030\`), 4,000 in a plain test run. We accept nothing that jose refuses.
\`link/src/mutation.differential.test.ts\` changes valid chains and artefacts of every kind, by bytes, spellings, header,
claims, numbers, encodings, signatures, algorithms, types, splices and Unicode, and judges them with jose and a plain
reading of the claims: 110,000 for each change (\`MUTATIONS=110000\`), 4,000 in a plain run. It prints counts by class;
what only the profile refuses is on a list with its reason, and nothing else may differ.
\`link/src/engine.differential.test.ts\` does the same for the engine, against node:crypto.

## Properties

| property | runs for each change | where |
|---|---|---|
| a constraint that narrows accepts nothing that its parent does not | 1,000,000 pairs | \`link/src/constraints/narrows.property.test.ts\` |
| the same for argument maps | 1,000,000 pairs | the same |
| what is permitted and what is well formed is what a plain evaluator says | 50,000 maps, 1,000,000 constraints | the same |
| whatever a narrower budget admits, its parent would have admitted | 20,000 pairs | \`link/src/constraints/budgets.property.test.ts\` |
| no change of one character of a signed text verifies, nor a character with the same low byte | every position | \`link/src/malleability.property.test.ts\` |

All 255 other bytes are tried at the ends of each part and at 100 more positions of each text. Narrowing is held against
an evaluator that shares nothing with it (\`link/src/testing/plain-constraints.ts\`). A plain \`npm test\` makes 20,000 pairs; \`NARROWING_RUNS=1000000\` makes a million.
`
}

/** Of constants that a test holds against a run: these vectors are in fewer folders than the others. */
function aatSection(): string {
  const { cases, permitted, denied } = AAT_RESULTS
  const rows = AAT_DIFFERENCES.map(
    ({ id, step, code, reason }) => `| ${id} | ${step} | \`${code}\` | ${reason} |`,
  )
  return `## Attenuating agent tokens, the plain draft

The JWS vectors of draft-niyikiza-oauth-attenuating-agent-tokens-02 (${AAT_FROM}), run in the mode of the plain draft
(\`verifyPlainPresentation\`): ${cases} cases, ${permitted} of ${permitted} permitted, ${denied} of ${denied} denied. The suite's file was made again from the
keys and claims that its authors publish (Ed25519 signatures are deterministic) and compared with theirs in part. The
strict profile takes none of them: each lacks something that it asks for. Denied by another check than the one named:

| id | step | here | why |
|---|---|---|---|
${rows.join('\n')}

Stricter than the draft, and in no vector: numbers that a double changes are refused anywhere in a token, a tool's name has at
most 256 characters, a chain 16 tokens of 8 KiB, and of the algorithms only Ed25519 and ES256 are taken.
`
}

if (argv[1] === fileURLToPath(import.meta.url)) writeFileSync(REPORT, report())

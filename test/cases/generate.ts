// Prints random labelled cases: node --conditions=delegraph-source test/cases/generate.ts --seed 7 --count 500
import { parseArgs } from 'node:util'
import fc from 'fast-check'
import { labelled, storyAndMutant } from './random/case.ts'

const { values } = parseArgs({
  options: { seed: { type: 'string', default: '1' }, count: { type: 'string', default: '100' } },
})
const seed = Number(values.seed)
const count = Number(values.count)
if (!Number.isSafeInteger(seed) || !Number.isSafeInteger(count) || count < 1)
  throw new Error('--seed takes an integer, --count an integer from 1')

fc.sample(storyAndMutant, { seed, numRuns: Math.ceil(count / 2) })
  .flatMap(({ story, mutant }, i) => labelled(`random-${seed}-${i}`, story, mutant))
  .slice(0, count)
  .forEach((one) => {
    process.stdout.write(`${JSON.stringify(one)}\n`)
  })

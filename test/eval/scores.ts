// npm run eval:scores [-- --write]: plays every scenario file at hand and holds the scores against those recorded.
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { evaluateCases, type Result, readCases } from './evaluate.ts'
import { below, type Recorded, recordedOf } from './score/recorded.ts'
import { scoresPage } from './score/scores-page.ts'
import { SHARED_FILES, sharedFile } from './shared-files.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))
const RECORDED = join(root, 'test/eval/scores.json')
const PAGE = join(root, 'docs/detection-scores.md')
/** Cases of this repository: a file, or a folder whose files count as one. */
const OWN = ['test/eval/samples.jsonl', 'test/cases/files']

function filesIn(place: string): string[] {
  if (place.endsWith('.jsonl')) return [place]
  const files = readdirSync(place).filter((name) => name.endsWith('.jsonl'))
  return files.sort().map((name) => join(place, name))
}

async function main(): Promise<number> {
  const { values } = parseArgs({ options: { write: { type: 'boolean', default: false } } })
  const before = readRecorded()
  const results: Result[] = []
  for (const file of OWN) results.push(await played(join(root, file), file))
  for (const name of SHARED_FILES) {
    const file = sharedFile(name)
    if (file !== undefined) results.push(await played(file, name))
    else console.log(`${name}: not at hand, not played (beside the checkout, or DELEGRAPH_EVAL)`)
  }
  const worse = results.flatMap((result) => below(before[result.file], result))
  for (const line of worse) console.error(line)
  if (values.write) {
    const now = Object.fromEntries(results.map((result) => [result.file, recordedOf(result)]))
    const kept = { ...before, ...now }
    writeFileSync(RECORDED, `${JSON.stringify(kept, null, 2)}\n`)
    const missing = SHARED_FILES.filter((name) => !results.some(({ file }) => file === name))
    writeFileSync(PAGE, scoresPage(results, missing))
    return 0
  }
  return worse.length === 0 ? 0 : 1
}

async function played(path: string, name: string): Promise<Result> {
  const result = await evaluateCases(name, filesIn(path).flatMap(readCases), {
    store: { kind: 'sqlite' },
  })
  const [precision, recall] = [result.case.precision.value, result.case.recall.value]
  const speed = `${result.cases_per_second} cases a second`
  console.log(`${basename(name)}: precision ${precision ?? '-'}, recall ${recall ?? '-'}, ${speed}`)
  return result
}

function readRecorded(): Readonly<Record<string, Recorded>> {
  if (!existsSync(RECORDED)) return {}
  return JSON.parse(readFileSync(RECORDED, 'utf8')) as Record<string, Recorded>
}

process.exitCode = await main()

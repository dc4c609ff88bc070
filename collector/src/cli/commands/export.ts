import { writeFileSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Command } from 'commander'
import type { Config, ConfigFlags } from '../../config.ts'
import { CollectorError } from '../../errors.ts'
import { readJournal } from '../../journal/index.ts'
import { MAX_PROOF_EVIDENCE, proofFile } from '../../project/proof.ts'
import { trimmedAt, trimmedSentence } from '../../retention/nodes.ts'
import { signFile } from '../../transfer/handover.ts'
import { writeJournalFile } from '../../transfer/journal-file.ts'
import { ocsfLines } from '../../transfer/ocsf-lines.ts'
import { withConfig } from '../config-options.ts'
import { createProgress } from '../progress.ts'
import { configOfOne, openGraphToRead } from '../read-graph.ts'

interface Flags extends ConfigFlags {
  readonly out?: string
  readonly ocsf?: boolean
  readonly sign?: string
  readonly journal?: boolean
  readonly json?: boolean
}

/** What was written, and how many of what. */
type Written = Readonly<Partial<Record<'findings' | 'records', number>>>

/** `delegraph export`: a finding with its evidence as one file that `verify` derives again, or the journal. */
export function addExport(program: Command): void {
  withConfig(
    program
      .command('export')
      .description('write a finding with its evidence, or the whole journal, as one file'),
  )
    .argument('[finding]', 'id of the finding')
    .option('--journal', 'everything that was received, as NDJSON for "import"')
    .option('--ocsf', 'open findings as OCSF Detection Findings, as NDJSON')
    .option('--out <file>', 'file to write; standard output where absent')
    .option('--sign <key>', 'sign the file for handing it over: writes FILE.jws beside --out')
    .option('--json', 'with --out: say what was written as one JSON object')
    .action(async (id: string | undefined, flags: Flags) => {
      const config = configOfOne(flags)
      const asked = [id !== undefined, flags.journal === true, flags.ocsf === true]
      if (asked.filter(Boolean).length !== 1) {
        throw new CollectorError('config_invalid', 'give the id of a finding, --journal or --ocsf')
      }
      if (flags.sign !== undefined && flags.out === undefined) {
        throw new CollectorError('config_invalid', '--sign signs a file: give --out')
      }
      const { out, sign } = flags
      const written = await exported(config, id, flags)
      if (out === undefined) return
      const signature = sign === undefined ? undefined : await signFile(out, sign, Date.now())
      if (flags.json === true) {
        return void process.stdout.write(
          `${JSON.stringify({ file: out, ...written, signature })}\n`,
        )
      }
      const [[what, count]] = Object.entries(written) as [[string, number]]
      process.stderr.write(`${count} ${count === 1 ? what.slice(0, -1) : what} in ${out}\n`)
      if (signature !== undefined) process.stderr.write(`signed in ${signature}\n`)
    })
}

function exported(config: Config, id: string | undefined, flags: Flags): Promise<Written> {
  if (id !== undefined) return exportFinding(config, id, flags.out)
  return flags.ocsf === true ? exportOcsf(config, flags.out) : exportJournal(config, flags.out)
}

async function exportFinding(
  config: Config,
  id: string,
  out: string | undefined,
): Promise<Written> {
  await using store = await openGraphToRead(config)
  const proof = await proofFile(store, id, config.pendingWindow * 1000)
  if (proof === 'unknown') {
    const gone = await trimmedAt(store, 'finding', id)
    throw new CollectorError(
      'config_invalid',
      gone === undefined ? `there is no finding ${id}` : trimmedSentence('finding', id, gone),
    )
  }
  if (proof === 'too_large') {
    const most = `${MAX_PROOF_EVIDENCE} items, more than a proof may hold`
    throw new CollectorError('config_invalid', `finding ${id} rests on more than ${most}`)
  }
  if (out === undefined) process.stdout.write(proof.text)
  else writeFileSync(out, proof.text, { mode: 0o600 })
  return { findings: 1 }
}

async function exportOcsf(config: Config, out: string | undefined): Promise<Written> {
  await using store = await openGraphToRead(config)
  const all = await store.count('Finding', { equals: { state: ['open'] } }, 1_000_000)
  using bar = createProgress('exporting', all)
  let lines = 0
  const counted = async function* () {
    for await (const line of ocsfLines(store)) {
      lines += 1
      bar.at(lines)
      yield line
    }
  }
  if (out === undefined) {
    for await (const line of counted()) process.stdout.write(line)
  } else await writeFile(out, counted(), { mode: 0o600 })
  return { findings: lines }
}

/** Needs no lock: a collector may go on receiving. */
async function exportJournal(config: Config, out: string | undefined): Promise<Written> {
  const dir = join(config.data, 'journal')
  let all = 0
  for await (const _ of readJournal(dir)) all += 1
  using bar = createProgress('exporting', all)
  const target = out ?? process.stdout
  return { records: await writeJournalFile(readJournal(dir), target, (done) => bar.at(done)) }
}

import {
  decodeThirdParty,
  decodeUnverified,
  type ForeignReading,
  isFault,
  type Trust,
  TYP,
} from '@delegraph/link'
import type { Command } from 'commander'
import { CollectorError } from '../../errors.ts'
import { verifyFile } from '../../transfer/handover.ts'
import type { SourcedEntry } from '../../trust/file.ts'
import { readTrustOffline } from '../../trust/offline.ts'
import type { CommandContext } from '../command-context.ts'
import { EXIT } from '../exit-codes.ts'
import { readInput, signedTexts } from '../input.ts'
import { paint } from '../paint.ts'
import { type CaseVerdict, judgeCase } from '../verify/case.ts'
import { type ChainGiven, judgeChain } from '../verify/chain.ts'
import { drawCase, drawChain } from '../verify/draw.ts'
import { drawOcsf, drawPlain, drawToken, judgeTokens, splitForeign } from '../verify/foreign.ts'
import { issuerKeys } from '../verify/issuer-keys.ts'
import { printProof } from '../verify/print-proof.ts'
import { parseProof, verifyProof } from '../verify/proof.ts'

interface Flags {
  readonly trust?: string
  readonly jwks?: string
  readonly jwksAddress?: readonly string[]
  readonly jwksCa?: string
  readonly at?: string
  readonly audience?: string
  readonly signedBy?: string
  readonly json?: boolean
}

/** `delegraph verify`: judges a chain, a case or an exported finding part by part, offline. */
export function addVerify(program: Command, context: CommandContext): void {
  program
    .command('verify')
    .description('judge a chain, signed texts of any kind or an exported finding, offline')
    .argument(
      '<file>',
      'signed texts of any kind, one a line or anywhere in JSON; an exported finding; - for standard input',
    )
    .option('--trust <file>', 'trust file: whose keys count')
    .option(
      '--jwks <file or URL>',
      'instead of a trust file: a JWK set, or where one is fetched by https; its keys count as those of the issuer that a chain names',
    )
    .option('--jwks-address <address...>', 'addresses of that URL that are not public, one by one')
    .option('--jwks-ca <file>', 'whom to believe there, PEM')
    .option('--at <time>', 'judge as of this time (ISO 8601); now where absent')
    .option('--audience <uri>', 'the service that is called')
    .option(
      '--signed-by <keys>',
      'also FILE.jws, by "export --sign": a public key or a set of them',
    )
    .option('--json', 'print as JSON')
    .action(async (file: string, flags: Flags) => {
      refuseTwoTrusts(flags)
      // Before the input is waited for: it may be what somebody types.
      const ofFile = flags.trust === undefined ? undefined : await trustIn(flags.trust)
      if (flags.signedBy !== undefined) {
        const { at, by } = await verifyFile(file, flags.signedBy)
        process.stderr.write(`${file} is what was signed at ${at}, by Delegraph ${by}\n`)
      }
      const input = readInput(file)
      const json = flags.json === true
      const proof = parseProof(input)
      const trust = ofFile ?? (await trustBySet(flags, proof === undefined ? input : undefined))
      if (proof !== undefined) {
        const verdict = await verifyProof(proof, trust)
        printProof(verdict, json)
        if (!verdict.holds) context.exitCode = EXIT.invalid
        return
      }
      const record = drawOcsf(input)
      if (record !== undefined) {
        process.stdout.write(`${record}\n`)
        context.exitCode = EXIT.invalid
        return
      }
      const all = signedTexts(input)
      if (all.length === 0) throw new CollectorError('file_unreadable', 'the input is empty')
      const at = timeOf(flags.at)
      const { own: texts, tokens, proofs } = splitForeign(all)
      if (!printTokens(judgeTokens(tokens, proofs, trust, at), json))
        context.exitCode = EXIT.invalid
      if (texts.length === 0) return
      const holds = texts.every(isLink)
        ? printChain(texts, trust, at, flags)
        : printCase(await judgeCase(texts, trust, at), texts, json)
      if (!holds) context.exitCode = EXIT.invalid
    })
}

/** @throws CollectorError `config_invalid` where it is not said whose keys count, or twice */
function refuseTwoTrusts({ trust, jwks, jwksAddress, jwksCa }: Flags): void {
  if ((trust === undefined) === (jwks === undefined)) {
    throw new CollectorError('config_invalid', 'give --trust or --jwks: whose keys count')
  }
  if (jwks === undefined && (jwksAddress !== undefined || jwksCa !== undefined)) {
    throw new CollectorError('config_invalid', '--jwks-address and --jwks-ca are for --jwks')
  }
}

async function trustIn(file: string): Promise<Trust> {
  const { trust, notAsked } = await readTrustOffline(file)
  sayNotAsked(notAsked)
  return trust
}

/** Of a key set and the issuers that the texts name; `input` where it is no exported finding. */
async function trustBySet(flags: Flags, input: string | undefined): Promise<Trust> {
  const { jwks = '', jwksAddress: allowAddress, jwksCa: caFile } = flags
  if (input === undefined) {
    const says = '--jwks is for chains: a finding rests on more than its issuer, so give --trust'
    throw new CollectorError('config_invalid', says)
  }
  const { trust, issuers, count } = await issuerKeys(signedTexts(input), jwks, {
    ...(allowAddress === undefined ? {} : { allowAddress }),
    ...(caFile === undefined ? {} : { caFile }),
  })
  const says = `${count} keys of ${jwks} are taken for those of ${issuers.join(', ')}, for whatever tools and times; a trust file says more`
  process.stderr.write(`${paint('yellow', says)}\n`)
  return trust
}

/** What such an entry trusts is unknown here, and no verdict may be read without knowing it. */
function sayNotAsked(entries: readonly SourcedEntry[]): void {
  for (const { at, source } of entries) {
    process.stderr.write(
      paint(
        'yellow',
        `not asked, since this works offline: ${source.name} for the keys of ${at}\n`,
      ),
    )
  }
}

/** What cannot be read at all is judged in its place in a chain. */
function isLink(text: string): boolean {
  const decoded = decodeUnverified(text)
  if (!isFault(decoded)) return decoded.typ === TYP.link
  return isFault(decodeThirdParty(text))
}

function timeOf(text: string | undefined): number {
  const milliseconds = text === undefined ? Date.now() : Date.parse(text)
  if (Number.isNaN(milliseconds)) {
    throw new CollectorError('config_invalid', '--at takes a time such as 2026-11-24T10:00:00Z')
  }
  return Math.floor(milliseconds / 1000)
}

function printChain(texts: readonly string[], trust: Trust, at: number, flags: Flags): boolean {
  const audience = flags.audience === undefined ? {} : { audience: flags.audience }
  const verdict = judgeChain(texts, trust, { at, ...audience })
  if (flags.json === true) process.stdout.write(`${JSON.stringify(jsonOf(verdict), null, 2)}\n`)
  else process.stdout.write(`${drawChain(verdict)}\n`)
  const plain = verdict.outcome.state === 'ok' ? undefined : drawPlain(texts, trust)
  if (plain !== undefined && flags.json !== true) process.stdout.write(`${plain}\n`)
  return verdict.outcome.state === 'ok'
}

/** False where one of them does not verify, or its holder did not show his key. */
function printTokens(readings: readonly ForeignReading[], json: boolean): boolean {
  for (const reading of readings)
    process.stdout.write(`${json ? JSON.stringify(reading, null, 2) : drawToken(reading)}\n`)
  return readings.every(({ grade }) => grade === 'signed')
}

function printCase(verdict: CaseVerdict, texts: readonly string[], json: boolean): boolean {
  if (json) process.stdout.write(`${JSON.stringify(verdict, null, 2)}\n`)
  else process.stdout.write(`${drawCase(verdict, texts)}\n`)
  return verdict.holds
}

function jsonOf(verdict: ChainGiven): unknown {
  return {
    outcome: verdict.outcome,
    failedAt: verdict.failedAt ?? null,
    missing: verdict.missing ?? null,
    notPerformed: verdict.notPerformed,
    links: verdict.links.map((link) => ({
      hash: link.hash ?? null,
      signature: link.signature,
      outcome: link.outcome,
      problems: link.problems,
      flags: link.flags,
      delegate: link.claims?.act.sub ?? null,
    })),
  }
}

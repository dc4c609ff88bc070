import { OUTCOMES, type Outcome, outcomeText } from '@delegraph/graph-schema'
import {
  type ChainVerdict,
  decodeUnverified,
  isFault,
  TYP,
  verifyApproval,
  verifyChain,
  verifyDecision,
  verifyRegistry,
} from '@delegraph/link'
import type { Command } from 'commander'
import { CollectorError } from '../../errors.ts'
import { readTrust, type Trust } from '../../verify/trust.ts'
import { limits, toolName, who } from '../../verify/words.ts'
import type { CommandContext } from '../command-context.ts'
import { EXIT } from '../exit-codes.ts'
import { readInput, signedTexts } from '../input.ts'
import { paint } from '../paint.ts'
import { type ProofVerdict, parseProof, verifyProof } from '../verify-proof.ts'

interface Flags {
  readonly trust: string
  readonly at?: string
  readonly audience?: string
  readonly json?: boolean
}

/** `delegraph verify`: judges a chain, a signed text or an exported finding, offline. */
export function addVerify(program: Command, context: CommandContext): void {
  program
    .command('verify')
    .description('judge a chain, a signed text or an exported finding, offline')
    .argument(
      '<file>',
      'signed text, one a line; JSON with "aat_chain"; an exported finding; - for standard input',
    )
    .requiredOption('--trust <file>', 'trust file: whose keys count')
    .option('--at <time>', 'judge as of this time (ISO 8601); now where absent')
    .option('--audience <uri>', 'the service that is called')
    .option('--json', 'print as JSON')
    .action(async (file: string, flags: Flags) => {
      const trust = readTrust(flags.trust)
      const input = readInput(file)
      const proof = parseProof(input)
      if (proof !== undefined) {
        const verdict = await verifyProof(proof, trust)
        printProof(verdict, flags.json === true)
        if (!verdict.holds) context.exitCode = EXIT.invalid
        return
      }
      const texts = signedTexts(input)
      const [first] = texts
      if (first === undefined) throw new CollectorError('file_unreadable', 'the input is empty')
      const at = timeOf(flags.at)
      const single = texts.length === 1 ? verifyOther(first, trust) : undefined
      const outcome = single ?? printChain(texts, trust, at, flags)
      if (single !== undefined) printSingle(single, flags.json === true)
      if (outcome.state !== 'ok') context.exitCode = EXIT.invalid
    })
}

function timeOf(text: string | undefined): number {
  const milliseconds = text === undefined ? Date.now() : Date.parse(text)
  if (Number.isNaN(milliseconds)) {
    throw new CollectorError('config_invalid', '--at takes a time such as 2026-11-24T10:00:00Z')
  }
  return Math.floor(milliseconds / 1000)
}

/** Undefined for a link: a single link is a chain of one. */
function verifyOther(text: string, trust: Trust): Outcome | undefined {
  const decoded = decodeUnverified(text)
  if (isFault(decoded)) return undefined
  switch (decoded.typ) {
    case TYP.approval:
      return verifyApproval(text, trust.approvers).outcome
    case TYP.decision:
      return verifyDecision(text, trust.pdps).outcome
    case TYP.registry:
      return verifyRegistry(text, trust.owners).outcome
    case TYP.link:
      return undefined
    default:
      throw new CollectorError(
        'file_unreadable',
        `a ${decoded.typ} needs the key of its holder: verify the chain that it belongs to`,
      )
  }
}

function printSingle(outcome: Outcome, json: boolean): void {
  process.stdout.write(json ? `${JSON.stringify({ outcome })}\n` : `${verdictLine(outcome)}\n`)
}

function printProof(verdict: ProofVerdict, json: boolean): void {
  if (json) process.stdout.write(`${JSON.stringify(verdict)}\n`)
  else {
    const word = verdict.holds
      ? paint('green', 'derived again from its evidence')
      : paint('red', 'does not follow from its evidence')
    process.stdout.write(`${verdict.title}\n${word}\n`)
    for (const problem of verdict.problems) process.stdout.write(`  ${problem}\n`)
    process.stdout.write(
      paint(
        'dim',
        'not checked: evidence that the file does not ship, and whether keys were withdrawn since\n',
      ),
    )
  }
}

function printChain(texts: readonly string[], trust: Trust, at: number, flags: Flags): Outcome {
  const audience = flags.audience === undefined ? {} : { audience: flags.audience }
  const verdict = verifyChain(texts, { anchors: trust.anchors, at, ...audience })
  if (flags.json === true) process.stdout.write(`${JSON.stringify(jsonOf(verdict), null, 2)}\n`)
  else process.stdout.write(`${drawVerdict(verdict)}\n`)
  return verdict.outcome
}

function jsonOf(verdict: ChainVerdict): unknown {
  return {
    outcome: verdict.outcome,
    failedAt: verdict.failedAt ?? null,
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

function drawVerdict(verdict: ChainVerdict): string {
  const hops = verdict.links.flatMap((link, i) => {
    const { claims } = link
    const holder = claims === undefined ? 'unreadable' : who(claims.act.sub)
    const from = i === 0 && claims !== undefined ? [`${who(claims.sub)} (principal)`] : []
    const tools = claims?.authorization_details[0].tools ?? {}
    const granted = Object.entries(tools).map(([tool, map]) => {
      const inside = limits(map)
      return inside.length === 0 ? toolName(tool) : `${toolName(tool)}(${inside.join(', ')})`
    })
    const problems = link.problems.map(
      (problem) =>
        `       ${paint('red', problem.detail)}  ${toolName(problem.tool ?? 'scope')}${problem.argument === undefined ? '' : `.${problem.argument}`}  ${problem.reason.replaceAll('_', ' ')}`,
    )
    return [
      ...from,
      `  │  granted ${granted.join(', ') || 'nothing'}`,
      `  └─ ${holder}  ${paint('dim', link.hash?.slice(0, 8) ?? '')}  signature ${link.signature}  ${verdictLine(link.outcome)}`,
      ...problems,
    ]
  })
  return [
    ...hops,
    '',
    verdictLine(verdict.outcome),
    paint('dim', `not checked: ${verdict.notPerformed.join(', ')}`),
  ].join('\n')
}

function verdictLine(outcome: Outcome): string {
  if (!('code' in outcome)) return paint('green', outcome.state)
  const text = `${outcomeText(outcome)}  ${OUTCOMES[outcome.code].meaning}`
  return paint(outcome.state === 'failed' ? 'red' : 'yellow', text)
}

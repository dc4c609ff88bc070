import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline/promises'
import type { Command } from 'commander'
import { exportJWK, generateKeyPair, type JWK } from 'jose'
import { CollectorError } from '../../errors.ts'
import { configText, exampleText, type InitAnswers, SUGGESTED, trustText } from '../init/files.ts'

interface Flags extends Partial<InitAnswers> {
  readonly dir: string
  readonly yes?: boolean
  readonly json?: boolean
}

/** `delegraph init`: a configuration, keys, a trust file and an example agent, in a folder that has none. */
export function addInit(program: Command): void {
  program
    .command('init')
    .description(
      'write a configuration, keys, a trust file and an example agent; overwrites nothing',
    )
    .option('--dir <folder>', 'where to', '.')
    .option('--data <folder>', 'folder of the journal and the embedded graph')
    .option('--issuer <uri>', 'name of whoever signs root links')
    .option('--person <id>', 'whose yes the example uses')
    .option('--resource <uri>', 'the service that the example calls')
    .option('--yes', 'ask nothing; so it is where there is no terminal')
    .option('--json', 'print what was written as JSON')
    .action(async (flags: Flags) => {
      const taken = FILES.filter((name) => existsSync(join(flags.dir, name)))
      if (taken.length > 0)
        throw new CollectorError(
          'config_invalid',
          `${taken.join(', ')} in ${flags.dir} would be overwritten: take another folder`,
        )
      const given = { ...SUGGESTED, ...answersIn(flags) }
      const asks =
        flags.yes !== true && process.stdin.isTTY === true && process.stderr.isTTY === true
      const answers = asks ? await asked(given, answersIn(flags)) : given
      checkAnswers(answers)
      await write(flags.dir, answers)
      process.stdout.write(
        flags.json === true
          ? `${JSON.stringify({ dir: flags.dir, files: FILES })}\n`
          : said(flags.dir),
      )
    })
}

const FILES = [
  'delegraph.json',
  'trust.json',
  'issuer.jwk',
  'approvals.jwk',
  'agent.jwk',
  'agent.mjs',
] as const

const QUESTIONS: Readonly<Record<keyof InitAnswers, string>> = {
  data: 'Folder of the journal and the graph',
  issuer: 'Name (URI) of whoever signs root links',
  person: 'A person whose yes the example uses',
  resource: 'URI of a service that agents call',
}

function answersIn(flags: Flags): Partial<InitAnswers> {
  const names = Object.keys(QUESTIONS) as (keyof InitAnswers)[]
  return Object.fromEntries(
    names.flatMap((name) => (flags[name] === undefined ? [] : [[name, flags[name]]])),
  )
}

/** On standard error: standard output is for what was made. */
async function asked(suggested: InitAnswers, known: Partial<InitAnswers>): Promise<InitAnswers> {
  using prompt = createInterface({ input: process.stdin, output: process.stderr })
  const answers: Record<string, string> = {}
  for (const [name, question] of Object.entries(QUESTIONS)) {
    if (name in known) continue
    const suggestion = suggested[name as keyof InitAnswers]
    const answer = (await prompt.question(`${question} (${suggestion}): `)).trim()
    if (answer !== '') answers[name] = answer
  }
  return { ...suggested, ...answers }
}

function checkAnswers({ issuer, resource, person, data }: InitAnswers): void {
  for (const [name, value] of Object.entries({ issuer, resource })) {
    if (!URL.canParse(value))
      throw new CollectorError(
        'config_invalid',
        `--${name} takes a URI such as https://example.com`,
      )
  }
  if (person === '' || data === '')
    throw new CollectorError('config_invalid', '--person and --data take a name')
}

async function write(dir: string, answers: InitAnswers): Promise<void> {
  const [issuer, approvals, agent] = await Promise.all([
    newKey('root'),
    newKey('approvals'),
    newKey(),
  ])
  const open = { issuer: issuer.open, approvals: approvals.open }
  try {
    mkdirSync(dir, { recursive: true })
    const put = (name: (typeof FILES)[number], text: string, mode = 0o644) =>
      writeFileSync(join(dir, name), text, { flag: 'wx', mode })
    put('issuer.jwk', issuer.secret, 0o600)
    put('approvals.jwk', approvals.secret, 0o600)
    put('agent.jwk', agent.secret, 0o600)
    put('trust.json', trustText(answers, open))
    put('agent.mjs', exampleText(answers))
    put('delegraph.json', configText(answers))
  } catch (cause) {
    throw new CollectorError('file_unreadable', `cannot write to ${dir}`, { cause })
  }
}

async function newKey(kid?: string): Promise<{ readonly secret: string; readonly open: JWK }> {
  const pair = await generateKeyPair('Ed25519', { extractable: true })
  const alg = 'Ed25519'
  const secret = {
    ...(await exportJWK(pair.privateKey)),
    alg,
    ...(kid === undefined ? {} : { kid }),
  }
  return {
    secret: `${JSON.stringify(secret)}\n`,
    open: { ...(await exportJWK(pair.publicKey)), alg },
  }
}

function said(dir: string): string {
  return `${FILES.map((name) => `${name}\n`).join('')}
In ${dir}:
  delegraph start        the collector, with this trust
  node agent.mjs         an agent that acts, once beyond what it was given (needs @delegraph/sdk)
  delegraph findings     what the collector says of it
Keys have mode 0600. issuer.jwk and approvals.jwk stand for people: keep them where no agent runs.
`
}

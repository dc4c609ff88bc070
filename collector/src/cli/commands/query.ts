import { existsSync } from 'node:fs'
import type { Command } from 'commander'
import type { ConfigFlags } from '../../config.ts'
import { CollectorError } from '../../errors.ts'
import { apiTarget } from '../api-target.ts'
import { askApi } from '../ask-api.ts'
import { withConfig } from '../config-options.ts'
import { readInput } from '../input.ts'
import { csvOf, rowsOf, tableOf } from '../query/rows.ts'
import { SAVED, type SavedQuery } from '../query/saved.ts'

interface Flags extends ConfigFlags {
  readonly url?: string
  readonly var: readonly string[]
  readonly first: string
  readonly json?: boolean
  readonly csv?: boolean
  readonly list?: boolean
}

/** `delegraph query`: a saved question, or GraphQL, asked of a running collector. */
export function addQuery(program: Command): void {
  withConfig(
    program
      .command('query')
      .description('ask a running collector: a saved question by its name, or GraphQL'),
  )
    .argument('[question]', 'a name of --list, GraphQL, a file of it, or - for standard input')
    .option('--list', 'the names of saved questions')
    .option('--url <address>', 'GraphQL address of the collector (default: by configuration)')
    .option('--var <name=value>', 'a variable, as JSON or as text; again for more', gathered, [])
    .option('--first <n>', 'rows at most, 1 to 200', '50')
    .option('--json', 'print the answer as JSON')
    .option('--csv', 'print the rows as CSV')
    .action(async (question: string | undefined, flags: Flags) => {
      if (flags.list === true) {
        process.stdout.write(listed(flags.json === true))
        return
      }
      if (question === undefined)
        throw usage('query takes a question; "delegraph query --list" has the saved ones')
      const { document, variables = {} } = documentOf(question)
      const data = await askApi<unknown>(apiTarget(flags), document, {
        ...(/\$first\b/.test(document) ? { first: firstOf(flags.first) } : {}),
        ...variables,
        ...variablesIn(flags.var),
      })
      const refused = refusalIn(data)
      if (refused !== undefined) throw new CollectorError('api_refused', refused)
      if (flags.json === true) process.stdout.write(`${JSON.stringify(data, null, 2)}\n`)
      else process.stdout.write((flags.csv === true ? csvOf : tableOf)(rowsOf(data)))
    })
}

/** What the saved ones are answered with where there is an error. */
function refusalIn(data: unknown): string | undefined {
  if (typeof data !== 'object' || data === null) return undefined
  const entries = Object.entries(data)
  const [only] = entries
  if (entries.length === 1 && only?.[0] === 'message') return String(only[1])
  return entries.length === 1 ? refusalIn(only?.[1]) : undefined
}

function documentOf(question: string): SavedQuery {
  const saved = Object.hasOwn(SAVED, question) ? SAVED[question] : undefined
  if (saved !== undefined) return saved
  const isText = /^\s*(\{|query\b|mutation\b|fragment\b)/.test(question)
  if (!isText && question !== '-' && !existsSync(question))
    throw usage(`there is no question ${question}; "delegraph query --list" has the names`)
  const document = isText ? question : readInput(question)
  if (/^\s*mutation\b/m.test(document))
    throw usage('query only asks: "delegraph findings" says something of findings')
  return { about: '', document }
}

function variablesIn(given: readonly string[]): Readonly<Record<string, unknown>> {
  return Object.fromEntries(
    given.map((text) => {
      const at = text.indexOf('=')
      if (at < 1) throw usage('--var takes NAME=VALUE')
      const value = text.slice(at + 1)
      try {
        return [text.slice(0, at), JSON.parse(value) as unknown]
      } catch {
        return [text.slice(0, at), value]
      }
    }),
  )
}

function firstOf(text: string): number {
  const first = Number(text)
  if (!Number.isInteger(first) || first < 1 || first > 200)
    throw usage('--first takes a whole number from 1 to 200')
  return first
}

function listed(json: boolean): string {
  const all = Object.entries(SAVED).map(([name, { about }]) => ({ name, about }))
  if (json) return `${JSON.stringify(all, null, 2)}\n`
  return all.map(({ name, about }) => `${name.padEnd(20)} ${about}\n`).join('')
}

function gathered(text: string, before: readonly string[]): readonly string[] {
  return [...before, text]
}

function usage(message: string): CollectorError {
  return new CollectorError('config_invalid', message)
}

import { constants } from 'node:fs'
import { access } from 'node:fs/promises'
import { createServer } from 'node:net'
import type { Command } from 'commander'
import { openStoreOf, trustFileOf } from '../../collector.ts'
import { type Config, type ConfigFlags, readConfig } from '../../config.ts'
import { askSource } from '../../trust/ask.ts'
import { givenTrust, wantedKeys } from '../../trust/compose.ts'
import type { TrustFile } from '../../trust/file.ts'
import { type Source, sourceId } from '../../trust/source.ts'
import { readSourceStates, type SourceState } from '../../trust/source-states.ts'
import type { CommandContext } from '../command-context.ts'
import { withConfig, withPorts } from '../config-options.ts'
import { EXIT } from '../exit-codes.ts'
import { paint } from '../paint.ts'

interface Check {
  readonly name: string
  readonly ok: boolean
  readonly says: string
}

/** `delegraph doctor`: whether a collector could start here, and what is in its way. */
export function addDoctor(program: Command, context: CommandContext): void {
  withPorts(withConfig(program.command('doctor').description('check what a collector needs here')))
    .option('--json', 'print as JSON')
    .action(async (flags: ConfigFlags & { readonly json?: boolean }) => {
      const config = readConfig(flags, process.env)
      const checks = [
        { name: 'node', ok: true, says: process.version },
        await data(config),
        ...(await trust(config)),
        await store(config),
        await port('otlp', config.otlp),
        await port('api', config.api),
      ]
      if (flags.json === true) process.stdout.write(`${JSON.stringify(checks, null, 2)}\n`)
      else for (const check of checks) process.stdout.write(`${line(check)}\n`)
      if (checks.some((check) => !check.ok)) context.exitCode = EXIT.error
    })
}

function line({ name, ok, says }: Check): string {
  return `${ok ? paint('green', 'ok  ') : paint('red', 'no  ')} ${name.padEnd(8)} ${says}`
}

async function data(config: Config): Promise<Check> {
  try {
    await access(config.data, constants.W_OK)
    return { name: 'data', ok: true, says: `${config.data} can be written` }
  } catch (error) {
    const missing = (error as NodeJS.ErrnoException).code === 'ENOENT'
    return {
      name: 'data',
      ok: missing,
      says: missing ? `${config.data} will be made` : `${config.data} cannot be written`,
    }
  }
}

async function trust(config: Config): Promise<Check[]> {
  let file: TrustFile
  try {
    file = trustFileOf(config)
  } catch (error) {
    return [{ name: 'trust', ok: false, says: (error as Error).message }]
  }
  const { anchors, approvers, owners } = givenTrust(file)
  const says = `${anchors.length} root issuers, ${approvers.length} approvers, ${owners.length} owners`
  const nobody = anchors.length === 0 && !file.sourced.some(({ list }) => list === 'anchors')
  const own = nobody ? `${says}: every chain will be of an untrusted issuer` : `${says} by key`
  const sources = new Map(file.sourced.map(({ source }) => [sourceId(source), source]))
  const states = readSourceStates(config.data)
  return [
    { name: 'trust', ok: true, says: own },
    ...(await Promise.all(
      [...sources.values()].map((source) => sourceCheck(file, source, states[source.name])),
    )),
  ]
}

/** Asks a source now, and says when a collector here had an answer of it. */
async function sourceCheck(
  file: TrustFile,
  source: Source,
  state: SourceState | undefined,
): Promise<Check> {
  const since = state?.answered === undefined ? 'never' : state.answered
  const last = `the collector here had its last answer: ${since}`
  try {
    const answer = await askSource(source)
    const keys = wantedKeys(file, source, answer)
    const names = keys.map(({ kid }) => kid).join(', ')
    const says = [
      answer.revoked === true ? 'its trust domain is revoked' : `${keys.length} keys (${names})`,
      ...answer.skipped,
      last,
    ]
    return { name: 'source', ok: keys.length > 0, says: `${source.name}: ${says.join('; ')}` }
  } catch (error) {
    const says = `${source.name}: ${(error as Error).message}; ${last}`
    return { name: 'source', ok: false, says }
  }
}

async function store(config: Config): Promise<Check> {
  try {
    await using opened = await openStoreOf(config, process.env)
    const health = await opened.health()
    return { name: 'graph', ok: health.ok, says: health.problem ?? health.engine }
  } catch (error) {
    return { name: 'graph', ok: false, says: (error as Error).message }
  }
}

function port(name: string, address: Config['otlp']): Promise<Check> {
  const at = `${address.host}:${address.port}`
  return new Promise((resolve) => {
    const server = createServer()
    server.once('error', () => resolve({ name, ok: false, says: `${at} is in use` }))
    server.listen(address.port, address.host, () => {
      server.close(() => resolve({ name, ok: true, says: `${at} is free` }))
    })
  })
}

import { constants } from 'node:fs'
import { access } from 'node:fs/promises'
import { createServer } from 'node:net'
import type { Command } from 'commander'
import { openStoreOf, trustOf } from '../../collector.ts'
import { type Config, type ConfigFlags, readConfig } from '../../config.ts'
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
        trust(config),
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

function trust(config: Config): Check {
  try {
    const { anchors, approvers, owners } = trustOf(config)
    const says = `${anchors.length} root issuers, ${approvers.length} approvers, ${owners.length} owners`
    return anchors.length === 0
      ? { name: 'trust', ok: true, says: `${says}: every chain will be of an untrusted issuer` }
      : { name: 'trust', ok: true, says }
  } catch (error) {
    return { name: 'trust', ok: false, says: (error as Error).message }
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

import { createServer } from 'node:net'
import type { Config } from '../../config.ts'
import { type Check, failed, ok, warning } from './check.ts'

type Address = Config['otlp']

/** Whether the ports are free, or a collector that lives has them. */
export async function portChecks({ otlp, api }: Config): Promise<Check[]> {
  const running = await runningCollector(api)
  return [
    ...(running === undefined ? [] : [running]),
    await portCheck('otlp', otlp, running !== undefined),
    await portCheck('api', api, running !== undefined),
  ]
}

async function runningCollector({ host, port }: Address): Promise<Check | undefined> {
  if (port === 0) return undefined
  try {
    const name = host.includes(':') ? `[${host}]` : host
    const signal = AbortSignal.timeout(3_000)
    const response = await fetch(`http://${name}:${port}/readyz`, { signal })
    const state = (await response.json()) as { ready?: unknown; reasons?: unknown }
    if (typeof state.ready !== 'boolean' || !Array.isArray(state.reasons)) return undefined
    if (state.ready) return ok('running', 'a collector runs here and is ready')
    const says = `a collector runs here and is not ready: ${state.reasons.join('; ')}`
    return warning('running', says, 'see its log')
  } catch {
    return undefined
  }
}

function portCheck(name: string, address: Address, running: boolean): Promise<Check> {
  const at = `${address.host}:${address.port}`
  return new Promise((resolve) => {
    const server = createServer()
    server.once('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EADDRINUSE' && running) resolve(ok(name, `${at} is that collector's`))
      else if (error.code === 'EADDRINUSE') {
        resolve(failed(name, `${at} is in use`, `stop who has it, or set ${name}.port`))
      } else resolve(failed(name, `${at} cannot be bound`, `set ${name}.host and ${name}.port`))
    })
    server.listen(address.port, address.host, () => {
      server.close(() => resolve(ok(name, `${at} is free`)))
    })
  })
}

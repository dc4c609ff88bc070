import { createServer } from 'node:net'
import type { Config } from '../../config.ts'
import type { Readiness } from '../../operate/readiness.ts'
import { type Check, failed, ok, warning } from './check.ts'

type Address = Config['otlp']

/** Whether the ports are free, or a collector that lives has them. */
export async function portChecks(
  { otlp, api }: Config,
  env: Readonly<Record<string, string | undefined>>,
): Promise<Check[]> {
  const running = await runningCollector(api, env['DELEGRAPH_TOKEN'])
  return [
    ...(running === undefined ? [] : [running]),
    await portCheck('otlp', otlp, running !== undefined),
    await portCheck('api', api, running !== undefined),
  ]
}

async function runningCollector(
  { host, port }: Address,
  token: string | undefined,
): Promise<Check | undefined> {
  if (port === 0) return undefined
  try {
    const name = host.includes(':') ? `[${host}]` : host
    const signal = AbortSignal.timeout(3_000)
    const headers: Record<string, string> =
      token === undefined ? {} : { authorization: `Bearer ${token}` }
    const response = await fetch(`http://${name}:${port}/readyz`, { signal, headers })
    const state = (await response.json()) as Partial<Readiness>
    if (typeof state.ready !== 'boolean' || !Array.isArray(state.reasons)) return undefined
    const unwell = [
      ...state.reasons,
      ...Object.entries(state.tenants ?? {}).flatMap(([tenant, own]) =>
        own.reasons.map((reason) => `${tenant}: ${reason}`),
      ),
    ]
    if (unwell.length === 0) return ok('running', 'a collector runs here and is ready')
    const says = `a collector runs here and is ${state.ready ? '' : 'not '}ready: ${unwell.join('; ')}`
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

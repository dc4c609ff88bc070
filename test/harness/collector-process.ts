import { type ChildProcess, spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'

const MAIN = fileURLToPath(new URL('../../collector/src/cli/main.ts', import.meta.url))

/** A collector in a process of its own, as `delegraph start` runs it. */
export interface CollectorProcess {
  readonly otlp: string
  readonly graphql: string
  /** SIGKILL: nothing in it gets a chance to finish. */
  kill(): Promise<void>
  /** SIGTERM. */
  stop(): Promise<number | null>
}

export function startCollectorProcess(
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<CollectorProcess> {
  const child = spawn(
    process.execPath,
    [
      '--conditions=delegraph-source',
      MAIN,
      'start',
      '--json',
      '--otlp-port',
      '0',
      '--api-port',
      '0',
      ...args,
    ],
    { stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, ...env } },
  )
  const gone = new Promise<number | null>((resolve) => child.once('exit', resolve))
  return new Promise((resolve, reject) => {
    let output = ''
    let errors = ''
    child.stderr?.on('data', (data: Buffer) => {
      errors = `${errors}${data.toString()}`.slice(-4_000)
    })
    child.once('exit', (code) => reject(new Error(`the collector ended with ${code}: ${errors}`)))
    child.stdout?.on('data', (data: Buffer) => {
      output += data.toString()
      const end = output.indexOf('\n')
      if (end === -1) return
      const { otlp, graphql } = JSON.parse(output.slice(0, end)) as {
        readonly otlp: string
        readonly graphql: string
      }
      resolve({
        otlp,
        graphql,
        kill: () => ended(child, 'SIGKILL', gone).then(() => {}),
        stop: () => ended(child, 'SIGTERM', gone),
      })
    })
  })
}

async function ended(
  child: ChildProcess,
  signal: NodeJS.Signals,
  gone: Promise<number | null>,
): Promise<number | null> {
  child.kill(signal)
  return gone
}

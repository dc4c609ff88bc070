import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { freePort } from '../../../../test/harness/free-port.ts'

/** An alert as `GET /api/v2/alerts` gives it. */
export interface SeenAlert {
  readonly labels: Readonly<Record<string, string>>
  readonly annotations: Readonly<Record<string, string>>
  readonly startsAt: string
  readonly endsAt: string
  readonly generatorURL: string
  readonly status: {
    readonly state: 'active' | 'suppressed' | 'unprocessed'
    readonly silencedBy: readonly string[]
    readonly inhibitedBy: readonly string[]
  }
}

export interface RunningAlertmanager extends AsyncDisposable {
  readonly url: string
  /** What it holds now; what is resolved is not in it. */
  alerts(): Promise<SeenAlert[]>
  silence(label: string, value: string): Promise<void>
}

/** One that is installed, in its Debian and in its own name. */
const BINARY = ['prometheus-alertmanager', 'alertmanager'].find((name) => runs(name, '--version'))
const READY_WITHIN = 20_000

/**
 * Whether a real Alertmanager is here. Where it is not, one line says what is skipped and how to get
 * it, and with `DELEGRAPH_REQUIRE_ALERTMANAGER=1` that is an error.
 */
export function haveAlertmanager(): boolean {
  if (BINARY !== undefined && runs('amtool', '--version')) return true
  const line =
    'Skipped what needs a real Alertmanager: it is not installed. On Debian: apt-get install prometheus-alertmanager'
  if (process.env['DELEGRAPH_REQUIRE_ALERTMANAGER'] === '1') throw new Error(line)
  process.stderr.write(`\n${line}\n\n`)
  return false
}

/** What `amtool check-config` says of a file; the exit code and its words. */
export function checkConfig(path: string): {
  readonly status: number | null
  readonly says: string
} {
  const { status, stdout, stderr } = spawnSync('amtool', ['check-config', path], {
    encoding: 'utf8',
  })
  return { status, says: `${stdout}${stderr}` }
}

/** Starts one on loopback, alone, with this configuration, in a folder of its own. */
export async function startAlertmanager(config: string): Promise<RunningAlertmanager> {
  if (BINARY === undefined) throw new Error('no Alertmanager is installed')
  const folder = mkdtempSync(join(tmpdir(), 'delegraph-alertmanager-'))
  const file = join(folder, 'alertmanager.yml')
  writeFileSync(file, config)
  const url = `http://127.0.0.1:${await freePort()}`
  const child = spawn(
    BINARY,
    [
      `--config.file=${file}`,
      `--storage.path=${join(folder, 'data')}`,
      `--web.listen-address=${new URL(url).host}`,
      '--cluster.listen-address=',
    ],
    { stdio: ['ignore', 'ignore', 'pipe'] },
  )
  const said: string[] = []
  child.stderr?.on('data', (part) => said.push(String(part)))
  const stop = async (): Promise<void> => {
    await ended(child)
    rmSync(folder, { recursive: true, force: true })
  }
  try {
    await ready(url, child)
  } catch (cause) {
    await stop()
    throw new Error(`Alertmanager did not start: ${said.join('').slice(-500)}`, { cause })
  }
  return {
    url,
    alerts: async () => (await (await fetch(`${url}/api/v2/alerts`)).json()) as SeenAlert[],
    async silence(name, value) {
      const now = Date.now()
      const body = JSON.stringify({
        matchers: [{ name, value, isRegex: false, isEqual: true }],
        startsAt: new Date(now).toISOString(),
        endsAt: new Date(now + 60_000).toISOString(),
        createdBy: 'test',
        comment: 'known',
      })
      const headers = { 'content-type': 'application/json' }
      const answer = await fetch(`${url}/api/v2/silences`, { method: 'POST', headers, body })
      if (!answer.ok) throw new Error(`the silence was answered ${answer.status}`)
    },
    [Symbol.asyncDispose]: stop,
  }
}

function runs(command: string, ...args: readonly string[]): boolean {
  return spawnSync(command, args, { stdio: 'ignore' }).status === 0
}

async function ready(url: string, child: ChildProcess): Promise<void> {
  const until = Date.now() + READY_WITHIN
  while (Date.now() < until && child.exitCode === null) {
    const answer = await fetch(`${url}/-/ready`).catch(() => undefined)
    if (answer?.ok === true) return
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
  throw new Error('it does not answer')
}

async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null) return
  const gone = new Promise((resolve) => child.once('exit', resolve))
  child.kill('SIGTERM')
  await gone
}

import { spawn, spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { freePort } from './free-port.ts'

const FOLDER = join(import.meta.dirname, '../../dashboards/prometheus')
const READY_WITHIN = 30_000

/**
 * Whether a real Prometheus is here. Where it is not, one line says what is skipped and how to get it,
 * and with `DELEGRAPH_REQUIRE_PROMETHEUS=1` that is an error.
 */
export function havePrometheus(): boolean {
  const runs = (command: string): boolean =>
    spawnSync(command, ['--version'], { stdio: 'ignore' }).status === 0
  if (runs('prometheus') && runs('promtool')) return true
  const line =
    'Skipped what needs a real Prometheus: it is not installed. On Debian: apt-get install prometheus'
  if (process.env['DELEGRAPH_REQUIRE_PROMETHEUS'] === '1') throw new Error(line)
  process.stderr.write(`\n${line}\n\n`)
  return false
}

export interface Answer {
  readonly metric: Readonly<Record<string, string>>
  readonly value: readonly [time: number, value: string]
}

export interface RunningPrometheus extends AsyncDisposable {
  /** An instant query. */
  ask(query: string): Promise<Answer[]>
  /** The rules that it has loaded, by name. */
  rules(): Promise<readonly { readonly name: string; readonly health: string }[]>
}

/** The example configuration with the repository's rules, but for the target and the waits. */
export async function startPrometheus(target: string): Promise<RunningPrometheus> {
  const folder = mkdtempSync(join(tmpdir(), 'delegraph-prometheus-'))
  const file = join(folder, 'prometheus.yml')
  const config = readFileSync(join(FOLDER, 'prometheus.yml'), 'utf8')
    .replace('127.0.0.1:4319', target)
    .replace('scrape_interval: 15s', 'scrape_interval: 1s')
    .replace('evaluation_interval: 30s', 'evaluation_interval: 1s')
  writeFileSync(file, config.slice(0, config.indexOf('alerting:')))
  const rules = readFileSync(join(FOLDER, 'rules.yml'), 'utf8')
  writeFileSync(join(folder, 'rules.yml'), rules.replace('interval: 30s', 'interval: 1s'))
  const port = await freePort()
  const url = `http://127.0.0.1:${port}`
  const child = spawn(
    'prometheus',
    [
      `--config.file=${file}`,
      `--storage.tsdb.path=${join(folder, 'data')}`,
      `--web.listen-address=127.0.0.1:${port}`,
    ],
    { stdio: ['ignore', 'ignore', 'pipe'] },
  )
  let said = ''
  child.stderr.on('data', (part: Buffer) => {
    said = `${said}${part.toString()}`.slice(-2_000)
  })
  const stop = async (): Promise<void> => {
    if (child.exitCode === null) {
      const gone = new Promise((resolve) => child.once('exit', resolve))
      child.kill('SIGTERM')
      await gone
    }
    rmSync(folder, { recursive: true, force: true })
  }
  const until = Date.now() + READY_WITHIN
  while ((await fetch(`${url}/-/ready`).catch(() => undefined))?.ok !== true) {
    if (Date.now() > until || child.exitCode !== null) {
      await stop()
      throw new Error(`Prometheus did not start: ${said}`)
    }
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
  const get = async (path: string): Promise<Record<string, unknown>> => {
    const answer = (await (await fetch(`${url}${path}`)).json()) as Record<string, unknown>
    if (answer['status'] !== 'success') throw new Error(JSON.stringify(answer))
    return answer['data'] as Record<string, unknown>
  }
  return {
    async ask(query) {
      const data = await get(`/api/v1/query?query=${encodeURIComponent(query)}`)
      return data['result'] as Answer[]
    },
    async rules() {
      const { groups } = (await get('/api/v1/rules')) as {
        groups: { rules: { name: string; health: string }[] }[]
      }
      return groups.flatMap((group) => group.rules)
    },
    [Symbol.asyncDispose]: stop,
  }
}

import { randomUUID } from 'node:crypto'
import { userInfo } from 'node:os'
import { join } from 'node:path'
import type { Command } from 'commander'
import type { Config, ConfigFlags } from '../../config.ts'
import { CollectorError } from '../../errors.ts'
import { recordsBehind } from '../../journal/index.ts'
import { pendingHolds, recordHold } from '../../retention/inbox.ts'
import { type Hold, holdAfter, holdsIn } from '../../retention/nodes.ts'
import { HELD_KINDS, type HeldKind, type HoldRecord, parseHold } from '../../retention/record.ts'
import { withConfig } from '../config-options.ts'
import { paint } from '../paint.ts'
import { configOfOne, openGraphToRead } from '../read-graph.ts'

interface Flags extends ConfigFlags {
  readonly json?: boolean
}

interface SayingFlags extends Flags {
  readonly reason: string
  readonly by?: string
}

/** `delegraph hold`: what must stay whatever its age, who said so and why. */
export function addHold(program: Command): void {
  const hold = program.command('hold').description('legal hold: what is kept whatever its age')
  saying(hold.command('add').description('keep a chain, a task or a finding, with all it rests on'))
    .argument('<what>', HELD_KINDS.join(', '))
    .argument('<id>', 'its id')
    .action(async (what: string, target: string, flags: SayingFlags) => {
      if (!isHeldKind(what)) {
        throw new CollectorError(
          'config_invalid',
          `what is held is one of ${HELD_KINDS.join(', ')}`,
        )
      }
      const id = randomUUID()
      await write(flags, { type: 'hold', id, what, target, ...words(flags) })
      if (await isKnown(configOfOne(flags), what, target)) return
      process.stderr.write(
        `delegraph: nothing is known here of ${what} ${target}: the hold keeps what comes; is the id right?\n`,
      )
    })
  withConfig(hold.command('list').description('holds, the released ones too'))
    .option('--json', 'print as JSON')
    .action(async (flags: Flags) => {
      const all = await known(configOfOne(flags))
      if (flags.json === true) process.stdout.write(`${JSON.stringify(all, null, 2)}\n`)
      else if (all.length === 0) process.stdout.write('no holds\n')
      else for (const one of all) process.stdout.write(`${draw(one)}\n`)
    })
  saying(hold.command('release').description('let a hold end'))
    .argument('<hold>', 'its id, or the beginning of it')
    .action(async (begins: string, flags: SayingFlags) => {
      const all = await known(configOfOne(flags))
      const found = all.filter(
        ({ id, released }) => id.startsWith(begins) && released === undefined,
      )
      const [one] = found
      if (one === undefined || found.length > 1) {
        const what = one === undefined ? 'no hold in force' : `${found.length} holds in force`
        throw new CollectorError('config_invalid', `${what} whose id begins with ${begins}`)
      }
      await write(flags, { type: 'release', id: one.id, ...words(flags) })
    })
}

function saying(command: Command): Command {
  return withConfig(command)
    .requiredOption('--reason <text>', 'why; it stays on record')
    .option('--by <name>', 'who says so; the user of this machine where absent')
    .option('--json', 'print as JSON')
}

function words({ reason, by }: SayingFlags): Pick<HoldRecord, 'version' | 'reason' | 'by' | 'at'> {
  return { version: 1, reason, by: by ?? userInfo().username, at: Date.now() }
}

async function write(flags: Flags, record: HoldRecord): Promise<void> {
  const { data } = configOfOne(flags)
  const how = await recordHold(data, record)
  const says = how === 'recorded' ? 'recorded' : 'handed over to the collector that runs here'
  process.stdout.write(
    flags.json === true
      ? `${JSON.stringify({ id: record.id, type: record.type, how })}\n`
      : `${record.type} ${record.id}: ${says}\n`,
  )
}

/** From the graph, and what was recorded or left for the collector since. */
async function known(config: Config): Promise<Hold[]> {
  const holds = new Map<string, Hold>()
  const dir = join(config.data, 'journal')
  let position = 0
  try {
    await using store = await openGraphToRead(config, () => {})
    for (const hold of await holdsIn(store)) holds.set(hold.id, hold)
    position = await store.position()
  } catch (error) {
    // No graph yet: the journal has all of them.
    if (!(error instanceof CollectorError) || error.code !== 'no_graph') throw error
  }
  const take = (record: HoldRecord): void => {
    const after = holdAfter(holds.get(record.id), record)
    if (after !== undefined) holds.set(record.id, after)
  }
  for await (const { kind, payload } of recordsBehind(dir, position)) {
    if (kind === 'hold') take(parseHold(payload))
  }
  for (const record of await pendingHolds(config.data)) take(record)
  return [...holds.values()].sort((a, b) => a.at - b.at || (a.id < b.id ? -1 : 1))
}

/** Whether there is something already that the hold keeps; where nobody can tell, it may be. */
async function isKnown(config: Config, what: HeldKind, target: string): Promise<boolean> {
  try {
    await using store = await openGraphToRead(config, () => {})
    const found = {
      chain: () => store.find('Link', 'chain', [target]),
      task: () => store.find('Evidence', 'task', [target]),
      finding: () => store.find('Finding', 'id', [target]),
    }
    return (await found[what]()).length > 0
  } catch {
    return true
  }
}

function draw({ id, what, target, reason, by, at, released }: Hold): string {
  const line = `${id.slice(0, 8)}  ${what.padEnd(8)} ${target}  ${new Date(at).toISOString()}  ${by}: ${reason}`
  if (released === undefined) return line
  const end = `released ${new Date(released.at).toISOString()}  ${released.by}: ${released.reason}`
  return `${line}\n          ${paint('dim', end)}`
}

function isHeldKind(what: string): what is HeldKind {
  return HELD_KINDS.some((kind) => kind === what)
}

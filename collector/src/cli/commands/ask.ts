import type { Command } from 'commander'
import type { GraphStore } from '../../graph/index.ts'
import { type Asking, isMissing, type Missing } from '../../questions/asking.ts'
import { blastRadius } from '../../questions/blast-radius/blast-radius.ts'
import { type Extent, MAX_DEPTH } from '../../questions/blast-radius/explored.ts'
import { REACH_RULES } from '../../questions/blast-radius/ground.ts'
import type { StartKind } from '../../questions/blast-radius/start.ts'
import { type AgentCoverage, agentsPage, coverageOf } from '../../questions/coverage.ts'
import { leastPrivilege } from '../../questions/least-privilege/least-privilege.ts'
import { type End, type EndKind, followsOf } from '../../questions/paths/ends.ts'
import { MAX_WAYS, paths } from '../../questions/paths/paths.ts'
import { reachedBy } from '../../questions/paths/reached-by.ts'
import type { Artefact, ArtefactKind } from '../../questions/what-if/artefact.ts'
import { whatIf } from '../../questions/what-if/what-if.ts'
import { why } from '../../questions/why.ts'
import { drawBlastRadius } from '../ask/draw-blast-radius.ts'
import { drawCoverage } from '../ask/draw-coverage.ts'
import { drawLeastPrivilege } from '../ask/draw-least-privilege.ts'
import { drawPaths, drawReachedBy } from '../ask/draw-paths.ts'
import { drawWhatIf } from '../ask/draw-what-if.ts'
import { drawWhy } from '../ask/draw-why.ts'
import { fullAction, fullId } from '../ask/full-id.ts'
import {
  type AskFlags,
  inGraph,
  instantIn,
  MAX_ROWS,
  numberIn,
  usage,
  withTimes,
} from '../ask/in-graph.ts'
import { jsonText } from '../ask/json-text.ts'

interface Flags extends AskFlags {
  readonly since?: string
  readonly depth?: string
  readonly avoid?: readonly string[]
  readonly rule?: readonly string[]
  readonly inForce?: boolean
}

const STARTS: readonly StartKind[] = [
  ...(['agent', 'key', 'credential', 'link', 'approval', 'resource', 'principal'] as const),
]
const ENDS: readonly EndKind[] = [...STARTS, 'tool']
const ARTEFACTS: readonly ArtefactKind[] = [
  ...(['link', 'approval', 'credential', 'key', 'export', 'standing'] as const),
]

/** `delegraph ask`: the questions over the graph, one a subcommand. Ids may be cut where they stay unique. */
export function addAsk(program: Command): void {
  const ask = program.command('ask').description('ask the graph: why, what reach, what if')

  withTimes(ask.command('why').description('from an action, or a finding, to whose yes it was'))
    .argument('<action>', 'id of the action, or of a finding')
    .action((id: string, flags: Flags) =>
      answered(flags, drawWhy, async (asking) => why(await fullAction(id, asking.store), asking)),
    )

  withExtent(ask.command('blast-radius').description('what somebody who holds this could reach'))
    .argument('<kind>', STARTS.join(', '))
    .argument('<id>', 'name of an agent, resource or principal; hash or thumbprint of the rest')
    .action((kind: string, id: string, flags: Flags) =>
      answered(flags, drawBlastRadius, async (asking) => {
        const start = oneOf(kind, STARTS, 'the first argument')
        const from = { kind: start, id: await fullId(start, id, asking.store) }
        return blastRadius(from, await extentIn(flags, asking.store), asking)
      }),
    )

  withExtent(ask.command('paths').description('ways from what somebody holds to one thing'))
    .argument('<kind>', STARTS.join(', '))
    .argument('<id>', 'where they begin')
    .argument('<end>', ENDS.join(', '))
    .argument('<endId>', 'where they end; of a tool its URI')
    .option('--in-force', 'only over what holds')
    .action((kind: string, id: string, end: string, endId: string, flags: Flags) =>
      answered(flags, drawPaths, async (asking) => {
        const start = oneOf(kind, STARTS, 'the first argument')
        const from = { kind: start, id: await fullId(start, id, asking.store) }
        const to = await endIn(end, endId, asking.store)
        const most = Math.min(numberIn(flags.limit, '--limit', MAX_ROWS), MAX_WAYS)
        const extent = await extentIn(flags, asking.store)
        return paths(from, to, { ...extent, most, inForce: flags.inForce === true }, asking)
      }),
    )

  withExtent(ask.command('reached-by').description('who could reach one thing, and how'))
    .argument('<kind>', ENDS.join(', '))
    .argument('<id>', 'what is reached; of a tool its URI')
    .option('--in-force', 'only over what holds')
    .action((kind: string, id: string, flags: Flags) =>
      answered(flags, drawReachedBy, async (asking) => {
        const to = await endIn(kind, id, asking.store)
        const extent = await extentIn(flags, asking.store)
        return reachedBy(to, { ...extent, inForce: flags.inForce === true }, asking)
      }),
    )

  withTimes(
    ask.command('what-if').description('what executed history would have been without these'),
  )
    .argument('<artefacts...>', `pairs of kind and id: ${ARTEFACTS.join(', ')}`)
    .option('--since <instant>', 'when they would have been taken back; the beginning where absent')
    .action((pairs: readonly string[], flags: Flags) =>
      answered(flags, drawWhatIf, async (asking) =>
        whatIf(
          await artefactsIn(pairs, asking.store),
          instantIn(flags.since, '--since') ?? 0,
          asking,
        ),
      ),
    )

  withTimes(ask.command('coverage').description('how much of what agents did is shown by evidence'))
    .argument('[agents...]', 'names; all agents where none is given')
    .action((agents: readonly string[], flags: Flags) =>
      answered(flags, drawCoverage, async (asking) => {
        const limit = numberIn(flags.limit, '--limit', MAX_ROWS)
        const ids = agents.length > 0 ? agents : await agentsPage(asking, limit, undefined)
        return Promise.all(ids.slice(0, limit).map((agent) => countedOf(agent, asking)))
      }),
    )

  withTimes(
    ask.command('least-privilege').description('what an agent was granted, used, and needed'),
  )
    .argument('<agent>', 'name of the agent')
    .option('--since <instant>', 'from when on')
    .action((agent: string, flags: Flags) =>
      answered(flags, drawLeastPrivilege, (asking) =>
        leastPrivilege(agent, instantIn(flags.since, '--since') ?? 0, asking),
      ),
    )
}

function withExtent(command: Command): Command {
  return withTimes(command)
    .option('--since <instant>', 'from when on what was exercised counts')
    .option('--depth <n>', `how many steps are followed, 1 to ${MAX_DEPTH}`, '16')
    .option('--avoid <pairs...>', `past what no way goes, pairs of kind and id: ${ENDS.join(', ')}`)
    .option('--rule <rules...>', `by which rules alone: ${REACH_RULES.join(', ')}`)
}

async function extentIn(flags: Flags, store: GraphStore): Promise<Extent> {
  const { avoid: pairs = [], rule } = flags
  if (pairs.length % 2 !== 0) throw usage('--avoid takes pairs: agent NAME link HASH')
  const avoid: End[] = []
  for (let i = 0; i < pairs.length; i += 2)
    avoid.push(await endIn(pairs[i] ?? '', pairs[i + 1] ?? '', store))
  return {
    since: instantIn(flags.since, '--since') ?? 0,
    maxDepth: numberIn(flags.depth ?? '16', '--depth', MAX_DEPTH),
    follows: followsOf(
      avoid,
      rule?.map((one) => oneOf(one, REACH_RULES, '--rule')),
    ),
  }
}

async function endIn(kind: string, id: string, store: GraphStore): Promise<End> {
  const known = oneOf(kind, ENDS, 'what a way ends at, or avoids,')
  return { kind: known, id: known === 'tool' ? id : await fullId(known, id, store) }
}

/** Asks, and prints what is answered. */
async function answered<Answer extends object>(
  flags: AskFlags,
  draw: (answer: Answer, limit: number) => string,
  ask: (asking: Asking) => Promise<Answer | Missing>,
): Promise<void> {
  const limit = numberIn(flags.limit, '--limit', MAX_ROWS)
  const answer = await inGraph(flags, ask)
  if (isMissing(answer)) throw usage(`there is no ${answer.missing}`)
  process.stdout.write(`${flags.json === true ? jsonText(answer) : draw(answer, limit)}\n`)
}

async function artefactsIn(pairs: readonly string[], store: GraphStore): Promise<Artefact[]> {
  if (pairs.length % 2 !== 0) throw usage('artefacts are given in pairs: link HASH approval HASH')
  const artefacts: Artefact[] = []
  for (let i = 0; i < pairs.length; i += 2) {
    const kind = oneOf(pairs[i] ?? '', ARTEFACTS, 'an artefact')
    artefacts.push({ kind, id: await fullId(kind, pairs[i + 1] ?? '', store) })
  }
  return artefacts
}

function oneOf<Word extends string>(text: string, words: readonly Word[], what: string): Word {
  const word = words.find((candidate) => candidate === text)
  if (word === undefined) throw usage(`${what} must be one of ${words.join(', ')}`)
  return word
}

/** What is counted of an agent; the hops themselves are a question of the API. */
async function countedOf(agent: string, asking: Asking): Promise<Omit<AgentCoverage, 'rows'>> {
  const { rows: _, ...counted } = await coverageOf(agent, asking)
  return counted
}

import { credentialOfNode } from '../../project/credentials.ts'
import { distinct, textOf } from '../../project/nodes.ts'
import { inForce } from '../../verify/credential.ts'
import { holds } from '../../verify/holds.ts'
import { toolName, who } from '../../verify/words.ts'
import { hasBegun } from '../asking.ts'
import { type Fact, type Ground, idsOf } from './ground.ts'

const GIVEN = { rule: 'given', decided: false } as const

interface Issued {
  readonly credential: string
  readonly issuedTo: readonly string[]
  /** Tool URIs; any where absent. */
  readonly tools: readonly string[] | undefined
  readonly live: boolean
}

/** Every credential that a broker or an owner speaks of; read once for an answer. */
export function credentials(ground: Ground): Promise<Issued[]> {
  const known = READ.get(ground) ?? readAll(ground)
  READ.set(ground, known)
  return known
}

const READ = new WeakMap<Ground, Promise<Issued[]>>()

async function readAll(ground: Ground): Promise<Issued[]> {
  const { store } = ground.asking
  const nodes = await store.page({
    kind: 'Credential',
    where: { equals: { event: ['issued'] } },
    orderBy: 'hash',
    direction: 'asc',
    limit: ground.left('credentials') + 1,
  })
  const ids = ground.took('credentials', nodes).flatMap((node) => textOf(node, 'credential') ?? [])
  const registered = ground.asking.registry.entries.flatMap((entry) =>
    entry.type === 'credential' ? entry.hash : [],
  )
  return issuedOf(distinct([...ids, ...registered]), ground)
}

async function issuedOf(ids: readonly string[], ground: Ground): Promise<Issued[]> {
  const { store, registry, validAt } = ground.asking
  const at = Math.floor(validAt / 1000)
  const records = (await store.find('Credential', 'credential', ids)).map(credentialOfNode)
  return ids.map((credential) => {
    const own = records.filter((record) => record.credential === credential)
    const issues = own.filter(
      ({ event, outcome, at: issuedAt }) =>
        event === 'issued' && holds(outcome) && hasBegun(issuedAt, ground.asking),
    )
    const entry = registry.credential(credential)
    const tools = issues.some((issue) => issue.tools === undefined)
      ? undefined
      : issues.flatMap((issue) => issue.tools ?? [])
    return {
      credential,
      issuedTo: distinct([
        ...issues.flatMap((issue) => issue.issuedTo),
        ...(entry?.issuedTo ?? []),
      ]),
      tools,
      live:
        inForce(own, { credential, at, moment: validAt }, registry) &&
        (entry?.until === undefined || at < entry.until),
    }
  })
}

/** What a credential is for, in the hands of whom it was issued to. */
export async function expandCredentials(facts: readonly Fact[], ground: Ground): Promise<void> {
  const ids = idsOf(facts, 'credential')
  if (ids.length === 0) return
  for (const { credential, issuedTo, tools, live } of await issuedOf(ids, ground)) {
    const fact = ground.fact('credential', credential)
    for (const agent of issuedTo) {
      const holder = ground.fact('holder', agent)
      const sentence = `it was issued to ${who(agent)}`
      ground.step(fact, holder, { ...GIVEN, live, sentence })
      for (const tool of tools ?? [])
        ground.permit(
          fact,
          { agent, tool, map: {} },
          { ...GIVEN, live, sentence: `it lets ${who(agent)} do ${toolName(tool)}` },
        )
    }
  }
}

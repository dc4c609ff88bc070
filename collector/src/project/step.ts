import type { GraphEdge, GraphNode } from '@delegraph/graph-schema'
import type { LinkMemo, Trust } from '@delegraph/link'
import { evidenceNode, evidenceOfNode } from '../evidence/node.ts'
import type { Evidence } from '../evidence/types.ts'
import { NOTHING_AROUND } from '../findings/definition/surroundings.ts'
import { type Finding, findingsOfAction, findingsOfLink, incidentOf } from '../findings/finding.ts'
import { type HeldLink, isExecuted } from '../findings/rule.ts'
import { wideningOf } from '../findings/rules/scope-widening.ts'
import type { GraphBatch, GraphStore } from '../graph/index.ts'
import { isTrimmed } from '../retention/nodes.ts'
import { UNKNOWN_AGENT } from '../verify/action.ts'
import { isRooted } from '../verify/auth.ts'
import { isForeign, type PathLink, pathLinkOf, pathTo } from '../verify/path.ts'
import type { Registry } from '../verify/registry.ts'
import { exercisedOf, projectAction } from './action-node.ts'
import { judgeActions } from './actions.ts'
import {
  type Projected,
  projectApproval,
  projectCompletion,
  projectRevocation,
  stub,
} from './artefacts.ts'
import { projectAsserted } from './asserted.ts'
import { actionsBeside } from './beside.ts'
import { projectCredential } from './credentials.ts'
import { projectDecision } from './decisions.ts'
import { type ChangedFinding, compareFindings, FINDING_EDGES, findingEdges } from './findings.ts'
import { isPlain } from './foreign/plain-text.ts'
import { projectForeign } from './foreign/project-foreign.ts'
import { projectIdentity, touchedByIdentities } from './identities.ts'
import type { JudgedCase } from './judged-case.ts'
import type { Learned } from './learned.ts'
import { MAX_DESCENDANTS, projectLinks } from './links.ts'
import { projectMovement } from './movements.ts'
import { distinct, textOf, unique } from './nodes.ts'
import { linksUnderAnswers, projectStatusList } from './status-lists.ts'
import { surroundingsOf } from './surroundings.ts'
import { touchedActions } from './touched.ts'
import { keysAbove, rootNamedBy, waitingWithdrawals, withdrawnLinks } from './withdrawals.ts'

export interface StepSettings {
  readonly trust: Trust
  readonly registry: Registry
  readonly memo: LinkMemo
  readonly now: number
  readonly pendingWindow: number
}

export interface StepResult extends GraphBatch {
  readonly changes: readonly ChangedFinding[]
}

/**
 * Takes new evidence into the graph and judges what it touches. The evidence and the links are
 * written here, so that the judging reads them back; what is returned is for the caller to write
 * together with the journal position. Doing a step twice changes nothing.
 */
export async function step(
  store: GraphStore,
  learned: readonly Learned[],
  settings: StepSettings,
): Promise<StepResult> {
  await store.write({
    nodes: unique(learned.map(({ evidence, learnedAt }) => evidenceNode(evidence, learnedAt))),
    edges: [],
  })
  const artefacts = await projectArtefacts(store, learned, settings.trust)
  await store.write({ nodes: artefacts.nodes, edges: artefacts.edges })

  const arrived = learned.flatMap(({ evidence }) => linkIn(evidence))
  const withdrawn = await withdrawnLinks(store, artefacts.nodes)
  const { projected, affected, plain } = await projectLinks(
    store,
    distinct(arrived),
    settings.trust,
    settings.memo,
  )
  await store.write(projected)
  const foreign = await projectForeign(store, learned, plain, settings.trust)
  await store.write(foreign)

  const links = projected.nodes.filter((node) => node.kind === 'Link')
  const late = await projectArtefacts(store, await waitingWithdrawals(store, links), settings.trust)
  await store.write(late)
  const answered = await linksUnderAnswers(
    store,
    learned.map(({ evidence }) => evidence),
  )
  const attested = await touchedByIdentities(store, artefacts.nodes, settings.registry)
  const told = foreign.nodes.flatMap((node) => (node.kind === 'Link' ? node.key : []))
  const doubted = [...withdrawn, ...(await withdrawnLinks(store, late.nodes)), ...answered]
  const touched = distinct([...affected, ...told, ...doubted, ...attested.links])
  const actions = await touchedActions(
    store,
    learned,
    {
      links: touched,
      gained: projected.nodes,
      doubted: await store.find('Link', 'hash', distinct(doubted)),
    },
    artefacts.nodes,
  )
  return judge(store, distinct([...actions, ...attested.actions]), touched, settings)
}

/** The link that an item brings, or says something of. */
function linkIn(evidence: Evidence): string[] {
  if (evidence.kind === 'link' || isPlain(evidence)) return [evidence.artefact]
  if (evidence.kind === 'report') return [evidence.link]
  return evidence.kind === 'asserted' && evidence.record?.type === 'link' ? [evidence.id] : []
}

/** Judges the named actions and links again and says what changes. */
export async function judge(
  store: GraphStore,
  actions: readonly string[],
  links: readonly string[],
  settings: StepSettings,
): Promise<StepResult> {
  const first = await judgeInto(store, actions, settings)
  const beside = await actionsBeside(
    store,
    first.map(({ subject }) => subject.action),
    settings.registry,
  )
  const cases = [...first, ...(await judgeInto(store, beside, settings))]
  const around = await surroundingsOf(
    store,
    cases.map(({ subject }) => subject),
    settings.registry,
  )
  const effectOf = (tool: string) => settings.registry.effect(tool)
  const used = cases.flatMap(({ subject }) => subject.action.path.links.map((link) => link.hash))
  const touched = distinct([...links, ...used])
  const judgedLinks = distinct([
    ...touched,
    ...(await heldBeside(store, touched, settings.registry)),
  ])
  const found: Finding[] = [
    ...cases.flatMap(({ subject }) =>
      findingsOfAction(
        { ...subject, around: around.get(subject.action.id) ?? NOTHING_AROUND },
        effectOf,
      ),
    ),
    ...(await linkFindings(store, judgedLinks, settings)),
  ]
  const subjects = new Set([...cases.map(({ subject }) => subject.action.id), ...judgedLinks])
  const existing = await existingFindings(store, subjects)
  const changes = compareFindings(existing, found, settings.now)
  return {
    nodes: [
      ...changes.map((change) => change.node),
      ...changes.flatMap(({ finding }) =>
        finding === undefined || finding.agent === UNKNOWN_AGENT
          ? []
          : [stub('Agent', 'id', finding.agent)],
      ),
    ],
    edges: changes.flatMap(({ finding }) => (finding === undefined ? [] : findingEdges(finding))),
    cleared: changes.flatMap(({ id, before }) =>
      before === undefined ? [] : FINDING_EDGES.map((kind) => ({ kind, from: id })),
    ),
    changes,
  }
}

/** What is found on an action or a link counts other actions, so those are written first. */
async function judgeInto(
  store: GraphStore,
  actions: readonly string[],
  settings: StepSettings,
): Promise<JudgedCase[]> {
  const cases = await judgeActions(store, actions, settings)
  const projected = cases.map(projectAction)
  await store.write({
    nodes: projected.flatMap((part) => part.nodes),
    edges: projected.flatMap((part) => part.edges),
    cleared: projected.flatMap((part) => part.cleared ?? []),
  })
  return cases
}

async function projectArtefacts(
  store: GraphStore,
  learned: readonly Learned[],
  trust: Trust,
): Promise<Projected> {
  const nodes: GraphNode[] = []
  const edges: GraphEdge[] = []
  // What is no signed text of ours stands for itself: it has no copies under another text.
  const others = learned.filter(({ evidence }) => !ARTEFACTS.has(evidence.kind)).map((one) => [one])
  for (const copies of [...(await copiesOf(store, learned)), ...others]) {
    const parts: Projected[] = []
    for (const { evidence, learnedAt } of copies)
      parts.push(await projectArtefact(store, evidence, learnedAt, trust))
    const best = parts.find((part) => part.nodes[0]?.columns['outcome'] === 'ok') ?? parts[0]
    nodes.push(...(best?.nodes ?? []))
    edges.push(...(best?.edges ?? []))
  }
  return { nodes, edges }
}

const ARTEFACTS: ReadonlySet<string> = new Set<Evidence['kind']>([
  'approval',
  'decision',
  'revocation',
  'completion',
  'credential',
  'identity',
])

/**
 * Every text that arrived under the hash of one that is new, the smaller digest first: a copy that
 * was cut or whose signature does not hold must not stand in the place of the true one, whichever
 * came last.
 */
async function copiesOf(
  store: GraphStore,
  learned: readonly Learned[],
): Promise<readonly (readonly Learned[])[]> {
  const hashes = learned.flatMap(({ evidence }) =>
    'artefact' in evidence && ARTEFACTS.has(evidence.kind) ? evidence.artefact : [],
  )
  if (hashes.length === 0) return []
  const known = (await store.find('Evidence', 'artefact', distinct(hashes))).map((node) => ({
    evidence: evidenceOfNode(node),
    learnedAt: Number(node.columns['learnedAt'] ?? 0),
  }))
  const groups = Map.groupBy(
    known.filter(({ evidence }) => ARTEFACTS.has(evidence.kind)),
    ({ evidence }) => `${evidence.kind} ${'artefact' in evidence ? evidence.artefact : ''}`,
  )
  return [...groups.values()].map((copies) =>
    copies.sort((a, b) => (a.evidence.id < b.evidence.id ? -1 : 1)),
  )
}

async function projectArtefact(
  store: GraphStore,
  evidence: Evidence,
  learnedAt: number,
  trust: Trust,
): Promise<Projected> {
  switch (evidence.kind) {
    case 'approval':
      return projectApproval(evidence, trust, learnedAt)
    case 'decision':
      return projectDecision(evidence, trust, learnedAt)
    case 'revocation':
      return projectRevocation(evidence, trust, await keysAbove(store, evidence), learnedAt)
    case 'completion':
      return projectCompletion(evidence, await rootNamedBy(store, evidence), learnedAt)
    case 'credential':
      return projectCredential(evidence, trust, learnedAt)
    case 'identity':
      return projectIdentity(evidence, trust, learnedAt)
    case 'status':
      return projectStatusList(evidence, trust, learnedAt)
    case 'asserted':
      return projectAsserted(evidence, learnedAt)
    case 'movement':
      return projectMovement(evidence, learnedAt)
    default:
      return { nodes: [], edges: [] }
  }
}

async function linkFindings(
  store: GraphStore,
  hashes: readonly string[],
  settings: StepSettings,
): Promise<Finding[]> {
  const nodes = (await store.ancestors(hashes)).map(pathLinkOf)
  const links = new Map(nodes.map((link) => [link.hash, link]))
  const sameToken = await linksOfOneToken(store, nodes)
  const replaced = new Map(
    (await store.find('Link', 'hash', distinct(nodes.flatMap(({ replaces }) => replaces ?? []))))
      .map(pathLinkOf)
      .map((link) => [link.hash, link]),
  )
  const failing = hashes.flatMap((hash) => {
    const link = links.get(hash)
    if (link === undefined || isForeign(link) || isTrimmed(link.outcome)) return []
    const own = link.outcome.state === 'failed' && link.outcome.detail !== 'above'
    const suspect =
      own ||
      link.replaces !== undefined ||
      (link.parent === undefined &&
        !isRooted({ links: [link], complete: true }, settings.registry)) ||
      (link.purpose !== undefined && link.parent !== undefined) ||
      link.reportedDepth !== undefined ||
      link.reportedParent !== undefined ||
      sameToken.has(link.hash) ||
      isWatched(link, settings.registry) ||
      wideningOf(link, settings.registry) !== undefined
    return suspect ? [link] : []
  })
  const usersOf = await usersUnder(store, failing)
  const found: Finding[] = []
  const heldWith = (link: PathLink): HeldLink[] =>
    !isWatched(link, settings.registry)
      ? []
      : failing
          .filter((other) => other !== link && isHeldWith(other, link))
          .map((other) => ({
            link: other,
            path: pathTo(other.hash, links),
            used: usersOf(other.hash).map(exercisedOf).some(isExecuted),
          }))
  for (const link of failing) {
    const exercised = usersOf(link.hash)
      .map(exercisedOf)
      .sort((a, b) => a.at - b.at || (a.id < b.id ? -1 : 1))
    const before = link.replaces === undefined ? undefined : replaced.get(link.replaces)
    const subject = {
      link,
      path: pathTo(link.hash, links),
      exercised,
      registry: settings.registry,
      sameToken: sameToken.get(link.hash) ?? [],
      held: heldWith(link),
      ...(before === undefined ? {} : { replaced: before }),
    }
    found.push(...findingsOfLink(subject, (tool) => settings.registry.effect(tool)))
  }
  return found
}

/** A conflict rule names an operation that it grants. */
function isWatched({ tools }: PathLink, registry: Registry): boolean {
  return Object.keys(tools).some((tool) => registry.conflictsOf(tool).length > 0)
}

function isHeldWith(other: PathLink, { delegate, task }: PathLink): boolean {
  return task !== undefined && other.task === task && other.delegate === delegate
}

/** Links that an agent holds beside these for the same task, where a conflict rule looks at both. */
async function heldBeside(
  store: GraphStore,
  hashes: readonly string[],
  registry: Registry,
): Promise<string[]> {
  if (!registry.entries.some(({ type }) => type === 'conflict')) return []
  const watched = (nodes: readonly GraphNode[]) =>
    nodes.map(pathLinkOf).filter((link) => isWatched(link, registry))
  const own = watched(await store.find('Link', 'hash', hashes))
  const tasks = distinct(own.flatMap(({ task }) => task ?? []))
  const others = watched(await store.find('Link', 'task', tasks))
  return others.flatMap((other) => (own.some((link) => isHeldWith(other, link)) ? other.hash : []))
}

/** Other links that carry a link's issuer and token id, by the link's hash. */
async function linksOfOneToken(
  store: GraphStore,
  links: readonly PathLink[],
): Promise<Map<string, readonly PathLink[]>> {
  const tokens = distinct(links.flatMap(({ token }) => token ?? []))
  const found = (await store.find('Link', 'token', tokens)).map(pathLinkOf)
  const shared = [...Map.groupBy(found, ({ token }) => token).values()].filter(
    (same) => same.length > 1,
  )
  return new Map(
    shared.flatMap((same) =>
      same.map(({ hash }) => [hash, same.filter((other) => other.hash !== hash)] as const),
    ),
  )
}

/** The actions that cite one of these links or a link below it: all of them made use of it. */
async function usersUnder(
  store: GraphStore,
  links: readonly PathLink[],
): Promise<(link: string) => readonly GraphNode[]> {
  if (links.length === 0) return () => []
  const own = links.map(({ hash }) => hash)
  const below = (await store.descendants(own, MAX_DESCENDANTS)).map(pathLinkOf)
  const children = Map.groupBy([...links, ...below], ({ parent }) => parent)
  const users = Map.groupBy(
    await store.find('Action', 'link', distinct([...own, ...below.map(({ hash }) => hash)])),
    (node) => textOf(node, 'link'),
  )
  return (link) => {
    const under = new Set([link])
    for (const hash of under) for (const child of children.get(hash) ?? []) under.add(child.hash)
    return [...under].flatMap((hash) => users.get(hash) ?? [])
  }
}

/** What was found before on exactly these subjects. */
async function existingFindings(
  store: GraphStore,
  subjects: ReadonlySet<string>,
): Promise<GraphNode[]> {
  const incidents = [...subjects].map(incidentOf)
  return unique(await store.find('Finding', 'incident', distinct(incidents)))
}

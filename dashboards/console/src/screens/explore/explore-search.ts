import { listOf, oneOf, type RawSearch } from '../../shared/search-text.ts'
import { shortHash, toolName } from '../../shared/short.ts'

export const KINDS = [
  'agent',
  'key',
  'credential',
  'link',
  'approval',
  'resource',
  'principal',
] as const
/** What a way may end at: a tool is nothing that anybody holds. */
export const END_KINDS = [...KINDS, 'tool'] as const
export type SubjectKind = (typeof END_KINDS)[number]

/** What somebody is taken to hold, or what is reached. */
export interface Subject {
  readonly kind: SubjectKind
  readonly id: string
}

export const QUESTIONS = ['reach', 'paths', 'reached', 'revoke'] as const
export const RULES = ['given', 'callable', 'stateful', 'control'] as const
export type Rule = (typeof RULES)[number]
export const VIEWS = ['picture', 'table'] as const
export const PARTS = ['exercised', 'exercisable', 'granted', 'inherited', 'undecided'] as const
export const FATES = ['loses', 'keeps', 'unknown'] as const

/** Puts a part of the state into the URL; an empty text or list takes it away. */
export type Change = (part: RawSearch, replace?: boolean) => void

/** The whole state of the screen, as its URL has it; what is absent is the default. */
export interface ExploreSearch {
  readonly kind?: SubjectKind
  readonly id?: string
  readonly ask?: (typeof QUESTIONS)[number]
  readonly view?: (typeof VIEWS)[number]
  /** Which rows of the answer. */
  readonly only?: (typeof PARTS)[number]
  /** `1` to `4`, or `none` for tools that nobody classified. */
  readonly effect?: string
  /** Rows of these agents. */
  readonly agent?: string[]
  /** Paths to what has this in its agent, tool or resource. */
  readonly to?: string
  /** Used at or after. */
  readonly since?: string
  /** A node of the picture. */
  readonly select?: string
  /** What is taken back: `link:hash`. */
  readonly revoke?: string[]
  readonly fate?: (typeof FATES)[number]
  /** Where ways end: `tool:https://...`. */
  readonly end?: string
  /** What no way passes through, each as `end` is. */
  readonly avoid?: string[]
  /** By which rules alone; by all where absent. */
  readonly rules?: Rule[]
  /** How many steps are followed; 16 where absent. */
  readonly within?: number
  /** Only over what holds. */
  readonly force?: 'only'
  /** Rows of this zone. */
  readonly zone?: string
  /** Kept questions with these words, where nothing is asked yet. */
  readonly find?: string
}

/** As many steps as the API follows where it is not told, and at most. */
export const STEPS = { usual: 16, most: 32 } as const

export function exploreSearch(search: RawSearch): ExploreSearch {
  const agent = listOf(search, 'agent')
  const revoke = listOf(search, 'revoke')
  const since = oneOf(search, 'since')
  const avoid = listOf(search, 'avoid').filter((text) => endIn(text) !== undefined)
  const rules = RULES.filter((rule) => listOf(search, 'rules').includes(rule))
  const end = oneOf(search, 'end')
  const given: { [Name in keyof ExploreSearch]: ExploreSearch[Name] | undefined } = {
    kind: oneOf(search, 'kind', END_KINDS),
    id: oneOf(search, 'id'),
    ask: oneOf(search, 'ask', QUESTIONS),
    view: oneOf(search, 'view', VIEWS),
    only: oneOf(search, 'only', PARTS),
    effect: oneOf(search, 'effect', ['1', '2', '3', '4', 'none']),
    agent: agent.length === 0 ? undefined : agent,
    to: oneOf(search, 'to'),
    since: since !== undefined && Number.isFinite(Date.parse(since)) ? since : undefined,
    select: oneOf(search, 'select'),
    revoke: revoke.length === 0 ? undefined : revoke,
    fate: oneOf(search, 'fate', FATES),
    end: end !== undefined && endIn(end) !== undefined ? end : undefined,
    avoid: avoid.length === 0 ? undefined : avoid,
    // All of them is what is asked without any.
    rules: rules.length === 0 || rules.length === RULES.length ? undefined : rules,
    within: stepsIn(oneOf(search, 'within')),
    force: oneOf(search, 'force', ['only'] as const),
    zone: oneOf(search, 'zone'),
    find: oneOf(search, 'find'),
  }
  return Object.fromEntries(
    Object.entries(given).filter(([, value]) => value !== undefined),
  ) as ExploreSearch
}

function stepsIn(text: string | undefined): number | undefined {
  const steps = Number(text)
  const isAsked = Number.isInteger(steps) && steps >= 1 && steps <= STEPS.most
  return isAsked && steps !== STEPS.usual ? steps : undefined
}

export function subjectOf({ kind, id }: ExploreSearch): Subject | undefined {
  return kind === undefined || id === undefined ? undefined : { kind, id }
}

/** `tool:https://...` as what it names. */
export function endIn(text: string): Subject | undefined {
  const at = text.indexOf(':')
  const kind = END_KINDS.find((one) => one === text.slice(0, at))
  const id = text.slice(at + 1)
  return kind === undefined || id === '' ? undefined : { kind, id }
}

/** What can be asked of a subject: nobody holds a tool. */
export function questionsOf({ kind }: Subject): readonly (typeof QUESTIONS)[number][] {
  return kind === 'tool' ? ['reached'] : QUESTIONS
}

/** As sentences name it: what has a hash by its first characters. */
export function subjectName({ kind, id }: Subject, name: string): string {
  if (kind === 'tool') return toolName(id)
  return ['link', 'approval', 'credential', 'key'].includes(kind)
    ? `${kind} ${shortHash(id)}`
    : name
}

/** What the API can take back. */
const REVOCABLE = ['link', 'approval', 'credential', 'key', 'export', 'standing'] as const
export type ArtefactKind = (typeof REVOCABLE)[number]

export interface Artefact {
  readonly kind: ArtefactKind
  readonly id: string
}

export function artefactOf(kind: string, id: string): Artefact | undefined {
  const known = REVOCABLE.find((one) => one === kind)
  return known === undefined ? undefined : { kind: known, id }
}

/** An artefact, or an end, as the URL has it. */
export function textOfArtefact({ kind, id }: { readonly kind: string; readonly id: string }) {
  return `${kind}:${id}`
}

/** What is taken back: what the URL names, else the subject itself where that can be. */
export function revokedIn(search: ExploreSearch): Artefact[] {
  const named = search.revoke ?? [`${search.kind}:${search.id}`]
  return named.flatMap((text) => {
    const at = text.indexOf(':')
    return artefactOf(text.slice(0, at), text.slice(at + 1)) ?? []
  })
}

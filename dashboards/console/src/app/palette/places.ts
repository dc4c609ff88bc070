import { DETECTORS } from '@delegraph/graph-schema'
import { RULES } from '../../screens/findings/inbox-search.ts'
import type { IconName } from '../../shared/icon.tsx'
import { shortHash } from '../../shared/short.ts'
import type { Navigate } from '../navigate.ts'
import { QUESTIONS, VALUE, viewOf } from '../questions/questions.ts'
import { openView, VIEWS } from '../views/views.ts'
import type { Match } from './documents.ts'

/** Somewhere to go. */
export interface Place {
  /** Unique among places. */
  readonly key: string
  /** The heading that it stands under. */
  readonly group: string
  readonly icon: IconName
  readonly name: string
  /** What tells it from others of the name. */
  readonly beside: string
  /** Absent where there is no screen for it. */
  readonly go?: (navigate: Navigate) => Promise<void>
}

const SCREENS = [
  ['/findings', 'Findings', 'inbox'],
  ['/cases', 'Cases', 'case'],
  ['/explore', 'Explore', 'spread'],
  ['/decisions', 'Decisions', 'scales'],
  ['/suppressions', 'Suppressions', 'eye-off'],
  ['/alerts', 'Alerts', 'bell'],
  ['/live', 'Live', 'pulse'],
] as const

const screens: readonly Place[] = SCREENS.map(([to, name, icon]) => ({
  ...{ key: `screen ${to}`, group: 'Screens', icon, name, beside: '' },
  go: (navigate) => navigate({ to }),
}))

const rules: readonly Place[] = RULES.map((rule) => ({
  ...{ key: `rule ${rule}`, group: 'Rules', icon: 'bell', name: `${rule} ${DETECTORS[rule]}` },
  beside: 'its open findings',
  go: (navigate) => navigate({ to: '/findings', search: { rule: [rule] } }),
}))

const views: readonly Place[] = VIEWS.map((view) => ({
  ...{ key: `view ${view.name}`, group: 'Saved views', icon: 'star', name: view.name },
  beside: view.folder,
  go: (navigate) => openView(view, navigate),
}))

/** Questions without the thing that they are about: the library of questions asks for it. */
const open: readonly Place[] = QUESTIONS.map(({ name, folder, description }) => ({
  ...{
    key: `question ${name}`,
    group: 'Questions',
    icon: 'question',
    name: name.replace(VALUE, '…'),
  },
  beside: `${folder}: name it here, or there. ${description}`,
  go: (navigate) => navigate({ to: '/explore', search: { find: wordsOf(name) } }),
}))

/** What the library finds a question by. */
function wordsOf(name: string): string {
  return name.replace(VALUE, ' ').replace(/\s+/g, ' ').trim()
}

/** Things of one kind that are asked about, and questions about each. */
const ASKED_ABOUT = 2
const ASKED = 5

/** Questions about what was found, each ready to be asked: of the first things of each kind. */
export function questionPlaces(matches: readonly Match[]): Place[] {
  return [...Map.groupBy(matches, ({ kind }) => kind).values()].flatMap((of) =>
    of.slice(0, ASKED_ABOUT).flatMap((match) =>
      QUESTIONS.filter(({ takes }) => takes.includes(match.kind))
        .slice(0, ASKED)
        .map((question): Place => {
          const view = viewOf(question, { id: match.id, name: shown(match) })
          return {
            ...{
              key: `question ${question.name} ${match.id}`,
              group: 'Questions',
              icon: 'question',
            },
            ...{ name: view.name, beside: view.folder },
            go: (navigate) => openView(view, navigate),
          }
        }),
    ),
  )
}

/** Of a thing that is called by its hash the first of it. */
function shown({ id, name }: Match): string {
  return id === name ? shortHash(name) : name
}

/** Places of the console itself that have all words of a text in their names; screens and views where there is no text. */
export function ownPlaces(text: string): Place[] {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean)
  if (words.length === 0) return [...screens, ...views]
  return [...screens, ...views, ...rules, ...open].filter(({ group, name, beside }) => {
    const said = `${group} ${name} ${beside}`.toLowerCase()
    return words.every((word) => said.includes(word))
  })
}

/** How a kind of match is headed and drawn. */
const KINDS: Readonly<Record<Match['kind'], readonly [group: string, icon: IconName]>> = {
  AGENT: ['Agents', 'agent'],
  PRINCIPAL: ['Principals', 'person'],
  TOOL: ['Permissions', 'play'],
  FINDING: ['Findings', 'inbox'],
  LINK: ['Chains, by a link', 'chain'],
  ACTION: ['Chains, by an action', 'chain'],
  APPROVAL: ['Approvals', 'check'],
  DECISION: ['Decisions', 'scales'],
}

/** Where a match of the API leads. */
export function placeOf(match: Match): Place {
  const { kind, id, name } = match
  const [group, icon] = KINDS[kind]
  const go = wayTo(match)
  const beside = go === undefined ? 'no chain of it is known' : id === name ? '' : id
  return {
    ...{ key: `${kind} ${id}`, group, icon, name, beside },
    ...(go === undefined ? {} : { go }),
  }
}

function wayTo({ kind, id, chain }: Match): Place['go'] {
  switch (kind) {
    case 'AGENT':
      return (navigate) => navigate({ to: '/agents/$agentId', params: { agentId: id } })
    case 'PRINCIPAL':
      return (navigate) => navigate({ to: '/explore', search: { kind: 'principal', id } })
    case 'APPROVAL':
      return (navigate) => navigate({ to: '/explore', search: { kind: 'approval', id } })
    case 'TOOL':
      return (navigate) => navigate({ to: '/findings', search: { tab: 'all', tool: [id] } })
    case 'FINDING':
      return (navigate) => navigate({ to: '/findings', search: { tab: 'all', finding: id } })
    case 'DECISION':
      return (navigate) => navigate({ to: '/decisions', search: { decision: id } })
    case 'LINK':
    case 'ACTION': {
      const chainId = chain ?? (kind === 'LINK' ? id : undefined)
      if (chainId === undefined) return undefined
      return (navigate) =>
        navigate({ to: '/chains/$chainId', params: { chainId }, search: { select: id } })
    }
  }
}

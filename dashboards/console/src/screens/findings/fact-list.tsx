import { Link } from '@tanstack/react-router'
import { Icon } from '../../shared/icon.tsx'
import type { FullFinding } from './documents.ts'

type Fact = FullFinding['grounds'][number]
type Shown = NonNullable<Fact['shownBy']>

/** What a finding rests on, each with a link to what says it. */
export function FactList({ facts }: { readonly facts: readonly Fact[] }) {
  return (
    <ul className="facts grounds">
      {facts.map(({ text, shownBy }) => (
        <li key={text}>
          {text} {shownBy === null ? null : <ShownBy evidence={shownBy} />}
        </li>
      ))}
    </ul>
  )
}

const CALL = 'the call'
const WORDS: Readonly<Record<string, string>> = {
  link: 'the link',
  action: CALL,
  approval: 'the approval',
  decision: 'the decision',
  credential: 'the credential',
  key: 'the key',
}

/** Leads to the very link, call or approval in its chain; to a decision, an agent or a credential on its screen. */
function ShownBy({ evidence: { kind, id, chain, agent } }: { readonly evidence: Shown }) {
  const word = (
    <>
      <Icon name="right" />
      {WORDS[kind] ?? 'what the agent may do'}
    </>
  )
  if (chain !== null)
    return (
      <Link
        to="/chains/$chainId"
        params={{ chainId: chain }}
        search={{ select: id }}
        className="ground"
      >
        {word}
      </Link>
    )
  if (kind === 'decision')
    return (
      <Link to="/decisions" search={{ decision: id }} className="ground">
        {word}
      </Link>
    )
  if (kind === 'approval' || kind === 'credential' || kind === 'key')
    return (
      <Link to="/explore" search={{ kind, id }} className="ground">
        {word}
      </Link>
    )
  // A call under no chain is among those of whoever made it.
  const agentId = kind === 'agent' ? id : agent
  if (agentId === null) return null
  return (
    <Link to="/agents/$agentId" params={{ agentId }} className="ground">
      {word}
    </Link>
  )
}

import { Link } from '@tanstack/react-router'
import { Icon } from './icon.tsx'

interface Named {
  readonly id: string
  readonly name: string
}

export function AgentName({ agent }: { readonly agent: Named | null | undefined }) {
  if (agent == null) return <span className="dim">not known</span>
  return (
    <Link to="/agents/$agentId" params={{ agentId: agent.id }} title={agent.id} className="name">
      <Icon name="agent" /> {agent.name}
    </Link>
  )
}

export function PrincipalName({ principal }: { readonly principal: Named | null | undefined }) {
  if (principal == null) return <span className="dim">not known</span>
  return (
    <span className="name" title={principal.id}>
      <Icon name="person" /> {principal.name}
    </span>
  )
}

import { Link } from '@tanstack/react-router'
import { toolName } from './short.ts'

/** A call by its tool, leading to it in its chain; plain where it has none. */
export function CallLink({
  call: { id, tool, chain },
}: {
  readonly call: {
    readonly id: string
    readonly tool: string
    readonly chain: { readonly id: string } | null
  }
}) {
  if (chain === null) return <span className="mono">{toolName(tool)}</span>
  return (
    <Link
      to="/chains/$chainId"
      params={{ chainId: chain.id }}
      search={{ select: id }}
      className="mono"
    >
      {toolName(tool)}
    </Link>
  )
}

import type { ToolGrants } from '@delegraph/link'

/**
 * The service that a tool URI `<resource>#<tool>` names, `''` where it is no web address: such a
 * tool stays in its process.
 */
export function audienceOfTool(tool: string): string {
  const end = tool.indexOf('#')
  return end > 0 && /^https?:\/\//.test(tool) ? tool.slice(0, end) : ''
}

/** The services that grants lead to; undefined where all of their tools stay in the process. */
export function audienceOfTools(tools: ToolGrants): string | readonly string[] | undefined {
  const found = [...new Set(Object.keys(tools).map(audienceOfTool))].filter((uri) => uri !== '')
  return found.length === 1 ? found[0] : found.length === 0 ? undefined : found
}

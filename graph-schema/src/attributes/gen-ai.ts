/**
 * Names that others give to agent spans, vendored: the GenAI conventions moved between packages
 * and are all at stability "Development". Source: open-telemetry/semantic-conventions-genai and the
 * MCP page of the semantic conventions, as of November 2026.
 */
export const GEN_AI = {
  operationName: 'gen_ai.operation.name',
  agentId: 'gen_ai.agent.id',
  agentName: 'gen_ai.agent.name',
  toolName: 'gen_ai.tool.name',
  toolCallId: 'gen_ai.tool.call.id',
  conversationId: 'gen_ai.conversation.id',
  mcpMethod: 'mcp.method.name',
} as const

/**
 * Resource attribute of OpenTelemetry that tells one running instance of a service from another, by the
 * word of whoever sent the span. `gen_ai.agent.*` has no name for it; OCSF calls it `instance_uid`.
 */
export const SERVICE_INSTANCE_ID = 'service.instance.id'

/** Values of `gen_ai.operation.name` that mark a hop. */
export const GEN_AI_OPERATION = {
  invokeAgent: 'invoke_agent',
  executeTool: 'execute_tool',
} as const

/** Attribute prefixes that make a span worth reading although it carries no link. */
export const OBSERVED_PREFIXES = ['gen_ai.', 'mcp.'] as const

import { MockLanguageModelV4 } from 'ai/test'

export type Turn =
  | { readonly say: string }
  | { readonly calls: readonly { readonly tool: string; readonly input: unknown }[] }

/** A model of the AI SDK's own test kit that says or calls what it is told, turn by turn. */
export function scripted(...turns: readonly Turn[]): MockLanguageModelV4 {
  return new MockLanguageModelV4({ doGenerate: turns.map(resultOf) })
}

function resultOf(turn: Turn, index: number) {
  const content =
    'say' in turn
      ? [{ type: 'text' as const, text: turn.say }]
      : turn.calls.map(({ tool, input }, call) => ({
          type: 'tool-call' as const,
          toolCallId: `call-${index}-${call}`,
          toolName: tool,
          input: JSON.stringify(input),
        }))
  const unified = 'say' in turn ? ('stop' as const) : ('tool-calls' as const)
  return { content, finishReason: { unified, raw: undefined }, usage: USAGE, warnings: [] }
}

const USAGE = {
  inputTokens: { total: 1, noCache: 1, cacheRead: undefined, cacheWrite: undefined },
  outputTokens: { total: 1, text: 1, reasoning: undefined },
}

import { MockLanguageModelV4 } from 'ai/test'

/** What a scripted model does at one step: call a tool, or say something and stop. */
export type Turn =
  | { readonly tool: string; readonly input: Readonly<Record<string, unknown>> }
  | { readonly say: string }

type Generated = Awaited<ReturnType<MockLanguageModelV4['doGenerate']>>

/** The AI SDK's own mock model, taking one turn after the other. */
export function scripted(name: string, turns: readonly Turn[]): MockLanguageModelV4 {
  return new MockLanguageModelV4({
    provider: 'scripted',
    modelId: name,
    doGenerate: turns.map((turn, i) => generated(turn, `${name}-${i + 1}`)),
  })
}

function generated(turn: Turn, id: string): Generated {
  const usage: Generated['usage'] = {
    inputTokens: { total: 1, noCache: 1, cacheRead: 0, cacheWrite: 0 },
    outputTokens: { total: 1, text: 1, reasoning: 0 },
  }
  if ('say' in turn) {
    return {
      content: [{ type: 'text', text: turn.say }],
      finishReason: { unified: 'stop', raw: 'stop' },
      usage,
      warnings: [],
    }
  }
  return {
    content: [
      {
        type: 'tool-call',
        toolCallId: id,
        toolName: turn.tool,
        input: JSON.stringify(turn.input),
      },
    ],
    finishReason: { unified: 'tool-calls', raw: 'tool_calls' },
    usage,
    warnings: [],
  }
}

import { POLICY_LIMITS } from './limits.ts'

/** One policy of a text. */
export interface Statement {
  readonly text: string
  /** Where it begins in the text around it. */
  readonly offset: number
  /** Larger than {@link POLICY_LIMITS} allow: not to be handed to Cedar. */
  readonly tooLarge?: 'tokens' | 'nesting'
}

/**
 * Cuts a text into its policies, each from its first word to its semicolon, without what is between them. Reads
 * strings and comments as Cedar does and nothing else of its grammar; what is no policy is one for Cedar to refuse.
 */
export function splitPolicies(text: string): readonly Statement[] {
  const found: Statement[] = []
  let [start, end, tokens, depth, deepest] = [-1, 0, 0, 0, 0]
  const close = () => {
    if (start < 0) return
    found.push({
      text: text.slice(start, end),
      offset: start,
      ...(tokens > POLICY_LIMITS.tokens
        ? { tooLarge: 'tokens' }
        : deepest > POLICY_LIMITS.nesting
          ? { tooLarge: 'nesting' }
          : {}),
    })
    ;[start, tokens, depth, deepest] = [-1, 0, 0, 0]
  }
  for (const { 0: token, index } of text.matchAll(TOKEN)) {
    if (/^(?:\s|\/\/)/.test(token)) continue
    if (start < 0) start = index
    end = index + token.length
    tokens += 1
    if (OPENING.has(token)) {
      depth += 1
      deepest = Math.max(deepest, depth)
    } else if (CLOSING.has(token)) depth -= 1
    else if (token === ';') close()
  }
  close()
  return found
}

const OPENING: ReadonlySet<string> = new Set(['(', '[', '{'])
const CLOSING: ReadonlySet<string> = new Set([')', ']', '}'])
/** White space, comment, string (or its beginning), word, number, sign of two characters, any other one. */
const TOKEN =
  /\s+|\/\/[^\n]*|"(?:[^"\\]|\\[\s\S])*"?|[A-Za-z_]\w*|\d+|::|==|!=|<=|>=|&&|\|\||[\s\S]/g

/** The last part of a tool's URI, as sentences name it: `https://tools.example.com/mcp#deploy` is `deploy`. */
export function toolName(tool: string): string {
  const at = Math.max(tool.lastIndexOf('#'), tool.lastIndexOf('/'))
  return tool.slice(at + 1) || tool
}

/** The first characters of a hash, enough to tell two apart on one screen. */
export function shortHash(hash: string): string {
  const [, digest = hash] = /^(?:[a-z0-9]+:)?(.*)$/.exec(hash) ?? []
  return digest.slice(0, 8)
}

/** `1 hop`, `2 hops`. */
export function counted(count: number, one: string, many = `${one}s`): string {
  return `${count.toLocaleString('en-GB')} ${count === 1 ? one : many}`
}

/** `10,000 or more` where it was not counted further; with what is counted, where that is said. */
export function atLeast(
  count: { readonly value: number; readonly approximate: boolean },
  one?: string,
  many = `${one}s`,
): string {
  const number = `${count.value.toLocaleString('en-GB')}${count.approximate ? ' or more' : ''}`
  if (one === undefined) return number
  return `${number} ${count.value === 1 && !count.approximate ? one : many}`
}

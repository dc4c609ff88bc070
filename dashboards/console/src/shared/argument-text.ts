interface Argument {
  readonly disclosed: boolean
  readonly redacted: boolean
  readonly value: unknown
}

/** The value of an argument, or why there is none to show: `null` is a value too. */
export function argumentText({ disclosed, redacted, value }: Argument): string {
  if (redacted) return 'not for this role'
  return disclosed ? JSON.stringify(value) : 'not collected'
}

/** What one look at the surroundings of a collector found. */
export interface Check {
  readonly name: string
  /** `warning`: it works, and somebody should look. `failed`: a collector cannot do its work. */
  readonly state: 'ok' | 'warning' | 'failed'
  readonly says: string
  /** What to do about it; absent where it is ok. */
  readonly todo?: string
  /** Whose it is, where there are several. */
  readonly tenant?: string
}

export function ok(name: string, says: string): Check {
  return { name, state: 'ok', says }
}

export function warning(name: string, says: string, todo: string): Check {
  return { name, state: 'warning', says, todo }
}

export function failed(name: string, says: string, todo: string): Check {
  return { name, state: 'failed', says, todo }
}

export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}

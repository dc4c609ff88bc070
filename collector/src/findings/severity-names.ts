/** The names of severities 1 to 5, those of OCSF. */
export const SEVERITY_NAMES = ['informational', 'low', 'medium', 'high', 'critical'] as const
export type SeverityName = (typeof SEVERITY_NAMES)[number]

export function severityName(level: number): SeverityName {
  return SEVERITY_NAMES[Math.min(5, Math.max(1, Math.round(level))) - 1] ?? 'informational'
}

/** 1 to 5; undefined for what is no such name. */
export function severityLevel(name: string): number | undefined {
  const names: readonly string[] = SEVERITY_NAMES
  return names.includes(name) ? names.indexOf(name) + 1 : undefined
}

import type { DrawnFinding } from './draw-finding.ts'

/** A finding as one line of a list: rule, severity, grade, title. */
export function findingLine({ rule, severity, grade, body }: DrawnFinding): string {
  return `${rule.padEnd(4)} ${severity}  ${grade.padEnd(8)}  ${body.title}`
}

/** Grades of evidence, the best first, as the contract has them. */
export const GRADES = ['PROVEN', 'SIGNED', 'ASSERTED', 'OBSERVED'] as const

/** The same as fields of the contract and URLs have them. */
export const GRADE_NAMES = ['proven', 'signed', 'asserted', 'observed'] as const

export type Grade = (typeof GRADES)[number]
export type GradeName = (typeof GRADE_NAMES)[number]

export function gradeOf(name: GradeName): Grade {
  return name.toUpperCase() as Uppercase<GradeName>
}

/**
 * One step in the form of a graph. Steps are applied in order and each statement may be run again.
 * A store records the id with a digest of the statements, so that a step is run again where the
 * declared kinds have grown since.
 */
export interface Migration {
  readonly id: string
  readonly statements: readonly string[]
}

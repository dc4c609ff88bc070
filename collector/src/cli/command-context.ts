/** What every command is given: the place to leave its exit code. */
export interface CommandContext {
  exitCode: number
}

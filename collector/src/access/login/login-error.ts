import type { SignInProblem } from '@delegraph/graph-schema'

/** Holds no token, code or secret, and nothing that a stranger wrote. */
export class LoginError extends Error {
  readonly problem: SignInProblem

  constructor(problem: SignInProblem, message: string, options?: ErrorOptions) {
    super(message, options)
    this.name = 'LoginError'
    this.problem = problem
  }
}

/** Default paths, below the URL of a decision point. */
export const EVALUATION = '/access/v1/evaluation'
export const EVALUATIONS = '/access/v1/evaluations'
export const WELL_KNOWN = '/.well-known/authzen-configuration'
/** An id that the asking side gives a request, and finds at its answer. */
export const REQUEST_ID = 'x-request-id'

/** Where the caller's chain, proof and approvals lie in the `context` of a request, in the form that MCP carries. */
export const EVIDENCE_KEY = 'delegation'
/** Where the arguments of the call lie in the `properties` of its action. */
export const ARGUMENTS_KEY = 'arguments'

/** Whether a host, as a URL names it, is this machine. */
export function isLoopback(host: string): boolean {
  return host === 'localhost' || /^\[?::1\]?$/.test(host) || /^127(\.\d{1,3}){3}$/.test(host)
}

/** Who and what the stories are about. */
export const ALICE = 'person:alice'
export const PLANNER = 'agent:planner'
export const WORKER = 'agent:worker'
export const DEPLOYER = 'service:deployer'

/** The tool server, by the name that links use for it. */
export const RESOURCE = 'https://tools.example.com/mcp'
export const DEPLOY = `${RESOURCE}#deploy`
export const STATUS = `${RESOURCE}#status`

export const ISSUER = 'https://auth.example.com'
export const APPROVALS = 'https://approvals.example.com'
export const OWNERS = 'https://owners.example.com'
/** The tool server, as whoever trusts its receipts knows it. */
export const SERVICE = 'https://tools.example.com'

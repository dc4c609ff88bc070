/** Every name and limit of profile `aat-02/strict-1`. The names are signed into links. */

/** The profile: a strict subset of draft-niyikiza-oauth-attenuating-agent-tokens-02. */
export const PROFILE = 'aat-02/strict-1'

/** All our own URIs lie below it. */
export const NS = 'https://delegraph.dev/ns/'
/** The single private claim of a link, RFC 7519 section 4.3; holds `approvals`, `budgets` and `profile`. */
export const CONTAINER_CLAIM = 'https://delegraph.dev/ns/link'
/** The A2A extension under which a message carries a chain. */
export const A2A_EXTENSION = 'https://delegraph.dev/ns/a2a/delegation/v1'
/** The member of MCP's `params._meta` that carries a chain. */
export const MCP_META_KEY = 'dev.delegraph/delegation'

/** The type of the one entry of `authorization_details`, RFC 9396. */
export const DETAIL_TYPE = 'attenuating_agent_token'

/** `typ` header values, RFC 8725 section 3.11; all but `link`, `pop` and `revocation` are ours. */
export const TYP = {
  link: 'aat+jwt',
  pop: 'aat-pop+jwt',
  approval: 'agent-approval+jwt',
  decision: 'agent-decision+jwt',
  receipt: 'agent-receipt+jwt',
  completion: 'agent-completion+jwt',
  registry: 'agent-registry+jwt',
  credential: 'agent-credential+jwt',
  /** A security event token, RFC 8417. */
  revocation: 'secevent+jwt',
} as const
export type Typ = (typeof TYP)[keyof typeof TYP]

/** `typ` of tokens that others make, and that are read with less strictness than our own. */
export const THIRD_PARTY_TYP = {
  /** Token Status List, draft-ietf-oauth-status-list-21. */
  statusList: 'statuslist+jwt',
  /** WIMSE workload identity token, and SPIFFE's WIT-SVID. */
  workloadIdentity: 'wit+jwt',
} as const
export type ThirdPartyTyp = (typeof THIRD_PARTY_TYP)[keyof typeof THIRD_PARTY_TYP]

/** The event of CAEP 1.0 that a revocation carries. */
export const SESSION_REVOKED = 'https://schemas.openid.net/secevent/caep/event-type/session-revoked'

/** RFC 9278: a SHA-256 thumbprint as a URI follows this prefix. */
export const THUMBPRINT_URI_PREFIX = 'urn:ietf:params:oauth:jwk-thumbprint:sha-256:'

/** The algorithms of RFC 9864 (fully specified) that links may use. */
export const ALGS = ['Ed25519', 'ES256'] as const

/** Sizes in characters of the compact form; times in seconds. */
export const LIMITS = {
  /** Links in a chain. */
  links: 16,
  /** The deepest `del_depth` and `del_max_depth`. */
  depth: 15,
  linkSize: 8 * 1024,
  chainSize: 64 * 1024,
  artefactSize: 16 * 1024,
  registrySize: 1024 * 1024,
  statusListSize: 1024 * 1024,
  /** Bytes of a status list once it is inflated: 33 million entries of one bit. */
  statusListBytes: 4 * 1024 * 1024,
  /** A proof of possession holds the arguments of its call as they are. */
  popSize: 1024 * 1024,
  /** Nesting of JSON in any signed text. */
  jsonDepth: 128,
  /** Nesting of a constraint tree; a constraint without clauses has depth 1. */
  constraintDepth: 32,
  toolId: 256,
  lifetime: 24 * 3600,
  approvalLifetime: 3600,
} as const

/** What issuing uses where the caller names nothing; seconds. */
export const DEFAULTS = {
  rootLifetime: 3600,
  derivedLifetime: 900,
  maxDepth: 3,
  approvalLifetime: 300,
} as const

/** Seconds by which `iat` may lie ahead of the time of judgement. */
export const MAX_IAT_SKEW = 30

/** Seconds that a proof of possession may lie away from now, on either side. */
export const POP_WINDOW = 30
/** The widest window that an enforcement point may set. */
export const MAX_POP_WINDOW = 60

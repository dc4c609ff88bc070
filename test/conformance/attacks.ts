/** An attack, and the tests that show that it fails. */
export interface Attack {
  readonly attack: string
  /** Folder and file of each test, with its title as it stands there; empty where none is yet. */
  readonly tests: readonly (readonly [file: string, title: string])[]
  /** Why there is less to test than the name says, or nothing. */
  readonly note?: string
}

export interface Theme {
  readonly theme: string
  readonly attacks: readonly Attack[]
}

const at = (file: string, ...titles: readonly string[]) =>
  titles.map((title) => [`test/attacks/${file}.test.ts`, title] as const)

const trust = (file: string, title: string) =>
  [[`collector/src/trust/${file}.test.ts`, title] as const] as const

const guarded = (title: string) =>
  [['collector/src/fetch/guarded-fetch.test.ts', title] as const] as const

const status = (title: string) =>
  [['collector/src/status/status-poller.test.ts', title] as const] as const

/** Every attack that the profile knows of, in the order of its attack list. */
export const ATTACKS: readonly Theme[] = [
  {
    theme: 'algorithm confusion and key injection',
    attacks: [
      one('alg none, noNE', [
        ...at('algorithm-confusion', 'a link with alg none is refused'),
        ...at('algorithm-confusion', 'a link with alg noNE is refused'),
      ]),
      one(
        'HS256 with the public key',
        at('algorithm-confusion', 'HS256 keyed with the public key of the root is refused'),
      ),
      one('EdDSA, ES256 on an Ed25519 key', [
        ...at('algorithm-confusion', 'the polymorphic alg EdDSA is refused'),
        ...at('algorithm-confusion', 'the algorithm of the other key type is refused'),
      ]),
      one(
        'jwk, jku in the header',
        at(
          'key-injection',
          'a key in the jwk header is refused, not used',
          'a key location in the jku header is refused, not fetched',
          'a key in the jwk header of a proof is refused, not used',
        ),
      ),
      one('crit, b64', at('key-injection', 'crit with b64 false is refused')),
      one(
        'kid unknown or borrowed',
        at(
          'key-injection',
          'a kid that nobody configured is refused',
          'a borrowed kid over the signature of a stranger is refused',
          'a credential under a borrowed kid is refused',
        ),
      ),
      one(
        'anchor signs for another issuer',
        at('key-injection', 'an anchor that signs for another issuer is refused'),
      ),
      one('kid on a derived link', at('key-injection', 'a kid on a derived link is refused')),
    ],
  },
  {
    theme: 'one kind of token for another',
    attacks: [
      one(
        'access token, proof of possession, no typ',
        at(
          'cross-jwt-confusion',
          'an access token is refused as a link',
          'a proof of possession is refused as a link',
          'a token without typ is refused as a link',
          'a receipt is refused as a proof of possession',
          'a DPoP proof is refused as a proof of possession',
        ),
      ),
      one(
        'any artefact for any other',
        at(
          'cross-jwt-confusion',
          'no text of one kind is taken for any other, however right its signature and claims',
        ),
      ),
      one('workload identity for a link, receipt for a proof', [
        ...at(
          'identity',
          'a workload identity is refused as a link, and a link as a workload identity',
        ),
        ...at('guard', 'cannot be a receipt, though the same key signed it'),
      ]),
    ],
  },
  {
    theme: 'encoding and canonical form',
    attacks: [
      one(
        'base64 variants, whitespace',
        at(
          'encoding',
          'a newline behind a link is refused',
          'padding is refused',
          'unused bits in the last character are refused',
          'the standard base64 alphabet is refused',
        ),
      ),
      one('number of parts', at('encoding', 'five parts are refused', 'two parts are refused')),
      one(
        'duplicate members',
        at('canonical-form', 'a duplicate header member is refused', 'a duplicate exp is refused'),
      ),
      one(
        'numbers',
        at(
          'canonical-form',
          'an exp of 1e400, which never expires, is refused',
          'an exp with an exponent is refused',
          'an integer that loses digits in a double is refused',
          'negative zero is refused',
        ),
      ),
      one(
        'byte order mark, surrogates, __proto__',
        at(
          'canonical-form',
          'a byte order mark is refused',
          'a lone surrogate is refused',
          '__proto__ as a tool name is refused',
        ),
      ),
      one('array as payload', at('canonical-form', 'an array as payload is refused')),
      one('oversized, long chain, deep constraint tree', [
        ...at('encoding', 'a link of more than 8 KiB is refused'),
        ...at('encoding', 'a chain of more than 16 links is refused'),
        ...at('constraints', 'a constraint tree deeper than 32 is refused'),
        ...at('canonical-form', 'JSON nested 2,000 deep is refused'),
      ]),
      one('signature twins', [
        [
          'link/src/malleability.property.test.ts',
          'the (r, n - s) twin that anybody can make verifies and is the same link',
        ],
      ]),
    ],
  },
  {
    theme: 'splices',
    attacks: [
      one(
        'another grant of the same holder',
        at('splices', 'a child under another root of the same holder is refused'),
      ),
      one(
        'links dropped, reordered, cut off, doubled',
        at(
          'splices',
          'a chain without its middle link is refused',
          'links in another order are refused',
          'a leaf without its ancestors is refused',
          'a jti that comes twice in one chain is refused',
          'the same link twice in a chain is refused',
        ),
      ),
      one(
        'signer is not the holder that the parent names',
        at(
          'splices',
          'a child signed by its own new key is refused',
          'an iss that names another key than the signer’s is refused',
        ),
      ),
      one('whole-token hash', at('splices', 'a par_hash over the whole token is refused')),
      one('root with par_hash', at('splices', 'a root with par_hash is refused')),
    ],
  },
  {
    theme: 'keys',
    attacks: [
      one('small-order key', [
        ...at('keys', 'a weak key in cnf is refused: small order, no point'),
        ...at('keys', 'a signature that holds for every text under a weak anchor is refused'),
      ]),
      one(
        'private or symmetric key in cnf',
        at('keys', 'a private key in cnf is refused', 'a symmetric key in cnf is refused'),
      ),
      one('key for encryption', [
        ...at(
          'keys',
          'a key for encryption in cnf is refused',
          'a use beside the key in cnf is refused',
          'operations beside the key in cnf are refused',
          'a weak, private, foreign or misspelt key is refused from configuration too',
        ),
      ]),
      one('rotation', at('keys', 'a key that was rotated out vouches for nothing issued since')),
      one('duplicate kid', at('keys', 'a duplicate kid does not let one issuer sign for another')),
      one('key set with one kid twice, or with a private key', [
        ...trust('key-set', 'with a private key is refused as a whole'),
        ...trust('key-set', 'with one name twice is refused as a whole'),
      ]),
      one('use mix-up in a key set; merged trust domains', [
        ...trust('spiffe-bundle', 'in which one key stands for two uses is refused'),
        ...trust('compose', 'gives each entry the keys of its use, and none of the other’s'),
        ...trust('file', 'does not merge two trust domains: one bundle is of one domain'),
      ]),
      one('SSRF through jwks_uri; address that changes before connecting', [
        ...trust('ask', 'points to another host leads nowhere, unless the configuration names it'),
        ...guarded('a name of loopback is refused, unless its address is named'),
        ...guarded('a name that changes its address between two look-ups gains nothing'),
        ...guarded('a gzip bomb is cut off where it gets too large'),
        ...guarded('an endless slow body ends with the time that it has'),
      ]),
      one('SSRF through status.uri', [
        ...at('revocation', 'a list from a host that the anchor does not list does not count'),
        ...status(
          'is never asked for a link that no anchor signed, nor at a host that its anchor does not list',
        ),
      ]),
      one(
        'SSRF through the URL of a client metadata document',
        [],
        'nothing to attack: no URL out of a token or a claim is ever fetched as client metadata',
      ),
      one('workload identity for another key, time, agent or trust domain', [
        ...at(
          'identity',
          'the word of the delegator alone attests nobody',
          'the word of the delegator alone fails where the trust roots require more, and only there',
          'a token of another trust domain attests nobody',
          'two trust domains under one key are not one',
          'a token by a stranger attests nobody, and neither does one that brings its key along',
          'a token that had expired at the time of the act attests nobody then',
          'a token that was made after the act says nothing of it',
          'a token for another key attests nobody',
          'a key that is bound to somebody else fails, whatever else is said of it',
          'an agent without a link whose registered key is attested to somebody else fails too',
        ),
        ...at('guard', 'that only the delegator asserts is refused where more is required'),
      ]),
      one('key compromised', [
        ['collector/src/verify/status.test.ts', 'no longer vouches for a root issued since'],
        [
          'collector/src/project/trust-change.test.ts',
          'a key found compromised re-judges history, and its being cleared does again, and so does asking for more',
        ],
      ]),
    ],
  },
  {
    theme: 'depth and time',
    attacks: [
      one(
        'depth skipped, raised, below a terminal link',
        at(
          'time',
          'a depth that skips a level is refused',
          'a raised del_max_depth is refused',
          'a link below a terminal link is refused',
        ),
      ),
      one(
        'expired parent, child that outlives it',
        at(
          'time',
          'an expired parent is refused though its child is asked about',
          'a child that outlives its parent is refused',
        ),
      ),
      one(
        'back-dated, future, long-lived',
        at(
          'time',
          'a child dated before its parent is refused',
          'a link from the future is refused',
          'a life of more than 24 hours is refused',
        ),
      ),
    ],
  },
  {
    theme: 'principal, task, delegate, audience',
    attacks: [
      one(
        'principal, task or delegate changed',
        at(
          'principal-and-task',
          'a changed principal is refused',
          'a changed task is refused',
          'a delegate that may_act does not name is refused',
        ),
      ),
      one('audience mismatch at any hop', [
        ...at('principal-and-task', 'an audience that any hop does not name is refused'),
        ...at('receipts', 'a call to a service that any hop does not name is refused'),
        ...at('guard', 'of the %s that names another service is a mismatch'),
      ]),
    ],
  },
  {
    theme: 'widening and constraints',
    attacks: [
      one(
        'widening, 15 ways',
        at(
          'widening',
          'a tool added is refused',
          'a tool name with a suffix is refused',
          'a tool name in other letter case is refused',
          'a value added to one_of is refused',
          'one_of turned into wildcard is refused',
          'an emptied constraint map is refused',
          'a raised maximum is refused',
          'a bound removed is refused, never inherited',
          'a required argument made optional is refused',
          'an argument dropped from a map is refused',
          'a star entry added is refused',
          'a new argument under a closed map is refused',
          'not_one_of under one_of is refused',
          'an alternative added to any is refused',
          'the text "400" under a numeric range is refused',
        ),
      ),
      one(
        'malformed or unknown constraints',
        at(
          'constraints',
          'an unknown constraint type is refused',
          'an empty any is refused',
          'an empty all, which limits nothing, is refused',
          'a range with its minimum above its maximum is refused',
          'an extra member in a constraint is refused',
          'an unknown type under a wildcard parent is refused',
        ),
      ),
      one(
        'inheritance by absence, foreign detail',
        at(
          'constraints',
          'a link without authorization_details is refused, never inherits',
          'a second authorization detail of a foreign type is refused',
        ),
      ),
      one(
        'fewer approvals than the parent asked for',
        at('widening', 'approvals dropped are refused'),
      ),
    ],
  },
  {
    theme: 'approvals',
    attacks: [
      one('replay', [
        ...at('approvals', 'an approval is refused for a second call'),
        ...at('guard', 'is accepted for its call, once'),
      ]),
      one('two calls at once', [
        ...at('guard', 'that two calls present at once lets one of them pass'),
      ]),
      one('sibling leaf', [
        ...at('approvals', 'an approval of one leaf is refused under its sibling'),
        ...at(
          'guard',
          'of another agent under another leaf is refused, though the call is the same',
        ),
      ]),
      one('arguments changed after it', [
        ...at('guard', 'does not cover arguments that were changed after the yes'),
        ...at('approvals', 'arguments changed after the approval are refused'),
        ...at(
          'approvals',
          'a call proposed again, with a new salt, is refused on the old approval',
        ),
      ]),
      one('use after exp', [
        ...at(
          'approvals',
          'an approval is refused after its exp, and older than the link takes it',
        ),
        ...at('guard', 'does not hold after its time'),
      ]),
      one('approval of a stranger', [
        ...at(
          'approvals',
          'an approval of a stranger is refused, and one of an issuer that the link does not name',
        ),
        ...at('guard', 'by a key that is no approver’s is refused'),
      ]),
      one('one approval, or one person, for two', [
        ...at('approvals', 'two approvals by one person are one where two are asked for'),
        ...at(
          'guard',
          'sent twice, or given twice by one person, counts once where two are asked for',
        ),
      ]),
      one('approval for more than the link grants', [
        ...at('guard', 'does not widen the link that it is for'),
      ]),
      one('approval burnt by a call that is refused', [
        ...at('guard', 'of a call that is refused for something else is not used up'),
      ]),
      one('agent as approver', [
        ...at('guard', 'by the agent that acts is refused'),
        ...at('approvals', 'an agent as approver is refused'),
        ...at('approvals', 'an agent that approves its own call is refused'),
      ]),
      one('denied, then executed', [
        ...at('approvals', 'a call that was denied is refused although it was executed'),
        ...at('approvals', 'a denial that the agent keeps to itself still shows'),
        ...at('approvals', 'a yes beside a no to the same call is refused'),
        ...at('guard', 'after a no to the same call is none, also where the no is no longer shown'),
      ]),
    ],
  },
  {
    theme: 'receipts and proof of possession',
    attacks: [
      one(
        'receipt of another span',
        at('receipts', 'a receipt of another span is refused as proof of this one'),
      ),
      one(
        'receipt without link',
        at('receipts', 'a receipt that names no link is no proof of the link on its span'),
      ),
      one('two receipts with one jti', [
        ...at('receipts', 'two receipts with one jti prove nothing, whichever comes first'),
        ...at('receipts', 'a stranger who repeats a jti does not burn the receipt of the holder'),
      ]),
      one(
        'tool and agent disagree',
        at('receipts', 'an agent that says denied is contradicted by the service that says done'),
      ),
      one(
        'args that differ from the attribute',
        at(
          'receipts',
          'a span whose arguments differ from the signed ones does not hide the signed ones',
        ),
      ),
      one('proof replayed at another enforcement point', [
        ...at('guard', 'that is replayed at another enforcement point is refused'),
      ]),
      one('proof replayed here, and twice at once', [
        ...at(
          'guard',
          'that is replayed at the same enforcement point is refused',
          'that is replayed twice at once passes once',
        ),
      ]),
      one('proof of another call, link, key or time, or none', [
        ...at(
          'guard',
          'of %s is refused',
          'by another key is refused, the one of a link above included',
          'that is not there is refused',
        ),
      ]),
      one('memory of proofs filled by a stranger', [
        ...at('guard', 'of a stranger under a chain of his own is not even remembered'),
      ]),
    ],
  },
  {
    theme: 'status and revocation',
    attacks: [
      one('status list that nobody answered for, or a stale one', [
        ...at(
          'revocation',
          'a root whose status list nobody answered for is unknown, never fine',
          'a stale answer says nothing of the act: its %s',
          'a later VALID proves nothing where an entry may be suspended, and all where it cannot',
        ),
      ]),
      one('wrong sub, stranger, another issuer, dated ahead, zip bomb', [
        ...at('revocation', 'an answer %s is none'),
        [
          'link/src/third-party/status-list.test.ts',
          'that inflates without end is refused, and takes no memory',
        ],
      ]),
      one('list of another anchor, or under a stolen key', [
        ...at(
          'revocation',
          'the key of another anchor speaks for the links of that anchor alone',
          'an answer under a key that was known to be stolen when it came may be dated back: it is none',
        ),
      ]),
      one(
        'index out of range',
        at('revocation', 'an index outside of the list is unknown, never fine'),
      ),
      one('?time= ignored', [
        ...status('stays unknown where the host ignores the time and sends what it has'),
      ]),
      one('use under a root that its list calls revoked or suspended', [
        ...at(
          'revocation',
          'an act under a root that its list calls revoked is refused, however far below',
          'an act while it was suspended is refused',
        ),
      ]),
      one('revocation by a stranger', [
        ...at('revocation', 'a revocation by a stranger revokes nothing'),
        ...at('revocation', 'a delegate cannot revoke the link of its delegator'),
      ]),
      one('revocation undone, or outrun by what arrives before it', [
        ...at(
          'revocation',
          'a revoked link cannot be un-revoked by sending it again',
          '%s counts in whatever order it arrives',
        ),
      ]),
      one(
        'revoked ancestor',
        at(
          'revocation',
          'an act under a revoked ancestor is refused, and one under its sibling is not',
        ),
      ),
      one(
        'revocation after use',
        at('revocation', 'an act before the revocation stays as it was, and is marked'),
      ),
      one('use after the end of the task', [
        ...at('revocation', 'an act after the end of its task is refused'),
        ...at('revocation', 'the end of a task by anybody but the holder of its root ends nothing'),
      ]),
    ],
  },
  {
    theme: 'carriage',
    attacks: [
      one('store returns wrong bytes for a hash', [
        ...at('carriage', 'a store that gives other bytes for a hash gives no chain'),
        ...at('guard', 'by reference is refused where the store gives other bytes for a hash'),
      ]),
      one(
        'reference to links of somebody else',
        at('guard', 'by reference to links of somebody else is no chain'),
      ),
      one('headers too large; 17 links; members of another type', [
        ...at(
          'carriage',
          'oversized headers are no presentation: %s',
          '17 links are refused, by value and by reference',
          'a presentation of the wrong type is refused: %j',
        ),
        ...at('guard', 'whose chain is %s is refused'),
      ]),
      one(
        'span sampled out, evidence arrives',
        at('carriage', 'a receipt whose span was sampled out still counts, and says so'),
      ),
      one(
        'span and log record differ',
        at(
          'carriage',
          'a span and a log record that differ do not both hold: the signed text wins',
        ),
      ),
      one('attribute cut or masked', [
        ...at('carriage', 'a text that was cut or masked is called truncated, never forged'),
        ...at(
          'around',
          'a link cut on its way is truncated, and whole again when the whole one comes',
        ),
        ...at('around', 'a masked token is truncated, never forged'),
        ...at('cut-evidence', 'in %s is truncated where it was cut or masked, never forged'),
      ]),
      one('known link first seen with a broken signature', [
        ...at(
          'carriage',
          'a known link with a broken signature is refused, and the true one still holds',
        ),
        ...at(
          'carriage',
          'a broken copy that arrives first does not poison the true link in the graph',
        ),
      ]),
      one('broken copy of an approval or a decision', [
        ...at('cut-evidence', 'does not stand in the place of the true %s'),
      ]),
      one('evidence heard of long after its span', [
        ...at(
          'carriage',
          'evidence that was heard of long after its span does not prove when it was made',
        ),
      ]),
      one('JSON serialisation, JWE', [
        ...at('carriage', 'a JWS in JSON serialisation is refused in place of a compact one'),
        ...at('carriage', 'a JWE is refused in place of a compact JWS'),
      ]),
    ],
  },
  {
    theme: 'tokens of other kinds',
    attacks: [
      one('token of a stranger', [
        ...at('foreign', 'of a stranger issuer is unknown, and asserted at most'),
        ...at('foreign', 'without anchors is unknown, and asserted'),
      ]),
      one('actors without end', [
        ...at(
          'foreign',
          'with act nested 1,000 deep, or one deeper than a chain may be, is refused',
        ),
        ...at('foreign', 'with a ring of actors ends, and each hop stays where it stands'),
      ]),
      one(
        'proof of another token, key, call, time or host',
        at(
          'foreign',
          'of another token shows nothing',
          'of another key shows nothing',
          'does not make a bearer token anybody’s',
          'replayed for another call shows nothing for either, in whatever order they come',
          'made at another time or for another host shows nothing',
        ),
      ),
      one('alg none on an access token', [
        ...at('foreign', 'with alg none is refused, whatever it names'),
      ]),
      one('access token for a link, link for an access token', [
        ...at('foreign', 'is no link, and a link is none of them'),
        ...at('foreign', 'sent as a link too is judged as a link, in whatever order the two come'),
      ]),
      one('scope widened inside act', [
        ...at(
          'foreign',
          'is not widened by a second act: what it says of scope in there means nothing',
        ),
      ]),
      one('foreign token as authority, or as an excuse', [
        ...at('foreign', 'by being presented with the call'),
        ...at('foreign', 'by being cited as the link in force, nor be authority for the call'),
      ]),
      one('record that claims an approval', [
        ...at('foreign', 'that claims an approved action approves nothing and grants nothing'),
      ]),
      one('bearer token read out of the graph', [
        ...at(
          'foreign',
          'a token bound to no key is kept without its signature, an opaque one not at all',
        ),
      ]),
    ],
  },
  {
    theme: 'around',
    attacks: [
      one('sibling overspend', [
        ...at(
          'budgets',
          'are told: the call that makes the sum exceed is over the budget of the subtree',
          'are told the same in any order of arrival',
          'a call of the same second counts by its id, whichever comes first',
        ),
      ]),
      one('budget raised or dropped by a child', [
        ...at(
          'budgets',
          'that a child raises or drops still holds above it, and the child does not hold',
          'that a child drops is refused',
          'of which a child drops one bound is refused',
          'that a child raises is refused',
          'that a child moves to another argument is refused',
        ),
      ]),
      one('budget used up by a stranger, or made room in by a refund', [
        ...at(
          'budgets',
          'is not used by a stranger, nor by a link that a stranger signed',
          'is not used by a call that failed or was denied',
          'is a ceiling for each call: %s',
        ),
        ...at('guard', 'is judged for one call that %s'),
      ]),
      one('amount or receipt kept back', [
        ...at(
          'budgets',
          'is used by an agent that keeps its receipt to itself, where the service has one',
          'of which an amount was withheld is unknown from there on, and exceeded where the rest is',
        ),
      ]),
      one('statements in kid, jti, tool and other names', [
        ...at(
          'around',
          'a kid, jti, agent, principal, task or tool of hostile text changes nothing but its own row',
        ),
        [
          'test/contracts/neo4j-server.test.ts',
          'shows values as parameters only: no statement contains what was stored',
        ],
      ]),
      one('GraphQL depth and cost', [
        ['collector/src/api/limits/limits.test.ts', 'a query of hundreds of levels is refused'],
        [
          'collector/src/api/limits/limits.test.ts',
          'two large pages within each other are refused, by variables too',
        ],
      ]),
      one(
        'oracles for strangers',
        [
          ...at('around', 'a good link, a forged one and no link at all get the same answer'),
          ...at('guard', 'a refusal is the same answer, whatever was wrong'),
        ],
        'what time tells is measured by `npm run bench -- refusals` and said in the [threat model](threat-model.md)',
      ),
    ],
  },
]

function one(attack: string, tests: Attack['tests'], note?: string): Attack {
  return note === undefined ? { attack, tests } : { attack, tests, note }
}

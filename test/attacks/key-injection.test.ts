import { describe } from 'vitest'
import { refused } from './attack.ts'

describe('keys that a token brings along or borrows', () => {
  refused('a key in the jwk header is refused, not used', 'A09', 'malformed:header')
  refused('a key location in the jku header is refused, not fetched', 'A10', 'malformed:header')
  refused('crit with b64 false is refused', 'A11', 'malformed:header')
  refused('a kid that nobody configured is refused', 'A12', 'issuer_untrusted:kid_unknown')
  refused('a borrowed kid over the signature of a stranger is refused', 'A13', 'signature_invalid')
  refused('an anchor that signs for another issuer is refused', 'A14', 'issuer_mismatch')
  refused('a kid on a derived link is refused', 'K01', 'malformed:header')
  refused('a root without kid is refused', 'K02', 'issuer_untrusted:kid_absent')
  refused('a stranger’s jwk header on an approval is refused', 'W15', 'malformed:header')
  refused('a kid on a text that its holder signs is refused', 'R04', 'malformed:header')
  refused('a key in the jwk header of a proof is refused, not used', 'J05', 'malformed:header')
  refused(
    'a proof by another key than the holder’s is refused',
    'J03',
    'holder_binding_failed:signature',
  )
  refused('a credential under a borrowed kid is refused', 'I04', 'signature_invalid')
})

import { describe } from 'vitest'
import { refused } from './attack.ts'

describe('links taken out of one chain and put into another', () => {
  refused('a child under another root of the same holder is refused', 'C01', 'par_hash_mismatch')
  refused('a chain without its middle link is refused', 'C02', 'signature_invalid')
  refused('links in another order are refused', 'C03', 'issuer_untrusted:kid_absent')
  refused('a leaf without its ancestors is refused', 'C04', 'issuer_untrusted:kid_absent')
  refused('a jti that comes twice in one chain is refused', 'C05', 'replayed')
  refused('the same link twice in a chain is refused', 'C13', 'signature_invalid')
  refused('a root in the place of a child is refused', 'C14', 'malformed:header')
  refused('a child signed by its own new key is refused', 'C06', 'signature_invalid')
  refused('an iss that names another key than the signer’s is refused', 'C07', 'issuer_mismatch')
  refused('a par_hash over the whole token is refused', 'C08', 'par_hash_mismatch')
  refused('a derived link without par_hash is refused', 'C16', 'par_hash_mismatch')
  refused('a root with par_hash is refused', 'C09', 'depth_invalid')
  refused('what hangs below a forged link is refused', 'C15', 'signature_invalid')
})

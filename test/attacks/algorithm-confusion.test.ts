import { describe } from 'vitest'
import { accepted, refused } from './attack.ts'

describe('algorithm confusion', () => {
  accepted('the chain that the attacks change is accepted', 'V01', 'V03')
  refused('a link with alg none is refused', 'A01', 'alg_not_allowed')
  refused('a link with alg noNE is refused', 'A02', 'alg_not_allowed')
  refused('HS256 keyed with the public key of the root is refused', 'A03', 'alg_not_allowed')
  refused('the polymorphic alg EdDSA is refused', 'A04', 'alg_not_allowed')
  refused('the algorithm of the other key type is refused', 'A05', 'alg_key_mismatch')
  refused('an algorithm in other letter case is refused', 'A17', 'alg_not_allowed')
})

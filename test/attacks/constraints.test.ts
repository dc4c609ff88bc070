import { describe } from 'vitest'
import { refused } from './attack.ts'

const ILL = 'unknown_constraint'
const DETAILS = 'malformed:authorization_details'

describe('ill-formed and unknown constraints', () => {
  refused('an unknown constraint type is refused', 'H01', ILL)
  refused('an empty any is refused', 'H02', ILL)
  refused('an empty all, which limits nothing, is refused', 'H03', ILL)
  refused('a range with its minimum above its maximum is refused', 'H04', ILL)
  refused('an extra member in a constraint is refused', 'H05', ILL)
  refused('a constraint tree deeper than 32 is refused', 'H06', ILL)
  refused('a second authorization detail of a foreign type is refused', 'H07', DETAILS)
  refused('a link without authorization_details is refused, never inherits', 'H08', DETAILS)
  refused('an unknown type under a wildcard parent is refused', 'H17', ILL)
  refused('an extra member in the authorization detail is refused', 'H18', DETAILS)
  refused('optional inside all is refused', 'H10', ILL)
  refused('a star entry that is no wildcard is refused', 'H11', ILL)
  refused('an unknown member in the private container is refused', 'P11', 'malformed:container')
  refused('an unknown member in an approval rule is refused', 'P17', 'malformed:container')
})

import { describe } from 'vitest'
import { refused } from './attack.ts'

describe('bytes that two parsers could read as two statements', () => {
  refused('a duplicate header member is refused', 'B04', 'non_canonical')
  refused('a duplicate exp is refused', 'B05', 'non_canonical')
  refused('an exp of 1e400, which never expires, is refused', 'B06', 'non_finite')
  refused('an exp with an exponent is refused', 'B07', 'non_canonical')
  refused('whitespace in the payload is refused', 'B08', 'non_canonical')
  refused('a byte order mark is refused', 'B09', 'malformed:bom')
  refused('__proto__ as a tool name is refused', 'B10', 'unknown_constraint:reserved_name')
  refused('a lone surrogate is refused', 'B11', 'lone_surrogate')
  refused('an integer that loses digits in a double is refused', 'B12', 'non_canonical')
  refused('an array as payload is refused', 'B15', 'malformed:not_object')
  refused('negative zero is refused', 'B16', 'non_canonical')
  refused('members out of order are refused', 'B17', 'non_canonical')
  refused('JSON nested 2,000 deep is refused', 'B18', 'oversized:depth')
  refused('an escape that the canonical form does not use is refused', 'B22', 'non_canonical')
})

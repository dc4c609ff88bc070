import { describe } from 'vitest'
import { refused } from './attack.ts'

describe('other spellings of one signed text', () => {
  refused('a newline behind a link is refused', 'B01', 'malformed:alphabet')
  refused('padding is refused', 'B02', 'malformed:alphabet')
  refused('unused bits in the last character are refused', 'B03', 'malformed:noncanonical_b64')
  refused('the standard base64 alphabet is refused', 'B20', 'malformed:alphabet')
  refused('five parts are refused', 'B14', 'malformed:parts')
  refused('two parts are refused', 'B19', 'malformed:parts')
  refused('an empty signature is refused', 'B24', 'signature_invalid')
  refused('a link of more than 8 KiB is refused', 'B13', 'oversized')
  refused('a chain of more than 16 links is refused', 'D04', 'depth_invalid:links')
})

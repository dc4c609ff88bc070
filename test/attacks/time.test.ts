import { describe } from 'vitest'
import { accepted, refused } from './attack.ts'

describe('depth and time', () => {
  refused('a depth that skips a level is refused', 'D01', 'depth_invalid')
  refused('a raised del_max_depth is refused', 'D02', 'depth_invalid:max_depth')
  refused('a link below a terminal link is refused', 'D03', 'depth_invalid:terminal')
  refused('a root deeper than any chain may be is refused', 'D05', 'depth_invalid:max_depth')
  refused('a root that is not at depth 0 is refused', 'D06', 'depth_invalid')
  refused('an expired parent is refused though its child is asked about', 'E01', 'expired')
  refused('a child that outlives its parent is refused', 'E02', 'expired:nonmonotonic')
  refused('a child dated before its parent is refused', 'E03', 'expired:nonmonotonic')
  refused('a link from the future is refused', 'E04', 'not_yet_valid')
  refused('a life of more than 24 hours is refused', 'E05', 'lifetime_exceeded')
  refused('an exp as text is refused', 'E06', 'malformed:num')
  refused('a fractional exp is refused', 'E11', 'malformed:num')
  refused('a link is refused at the very second of its end', 'E08', 'expired')
  accepted('the last second before the end is still in time', 'E07')
  refused('a link without exp is refused', 'M12', 'malformed:num')
  refused('a life over the cap of its anchor is refused', 'T01', 'lifetime_exceeded')
})

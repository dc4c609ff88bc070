// All cases written by hand, a list for each detector.
import type { Detector } from '../eval/format.ts'
import { d01 } from './stories/d01.ts'
import { d02 } from './stories/d02.ts'
import { d03 } from './stories/d03.ts'
import { d04 } from './stories/d04.ts'
import { d05 } from './stories/d05.ts'
import { d06 } from './stories/d06.ts'
import { d07 } from './stories/d07.ts'
import { d08 } from './stories/d08.ts'
import { d09 } from './stories/d09.ts'
import { d10 } from './stories/d10.ts'
import { d11 } from './stories/d11.ts'
import { d12 } from './stories/d12.ts'
import { d13 } from './stories/d13.ts'
import { d14 } from './stories/d14.ts'
import { d15 } from './stories/d15.ts'
import { d16 } from './stories/d16.ts'
import { nevers } from './stories/never.ts'
import type { Pair } from './story.ts'

export const pairs: Record<Detector, Pair[]> = {
  D1: d01,
  D2: d02,
  D3: d03,
  D4: d04,
  D5: d05,
  D6: d06,
  D7: d07,
  D8: d08,
  D9: d09,
  D10: d10,
  D11: d11,
  D12: d12,
  D13: d13,
  D14: d14,
  D15: d15,
  D16: d16,
}

export const single: string[] = nevers

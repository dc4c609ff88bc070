import type { WatchedPage } from '../../harness/chromium.ts'

/** What went wrong, without the remark of a software renderer that it is slow to read pixels back. */
export function faultsOf({ faults }: WatchedPage): string[] {
  return faults.filter((fault) => !/GL Driver Message .*GPU stall due to ReadPixels/.test(fault))
}

import { setTimeout as wait } from 'node:timers/promises'

const WORK = 20

/**
 * The same items, so that whoever takes them works for this share of the time and rests for the other.
 *
 * @param share of the time of one processor; 1 never rests
 */
export async function* paced<T>(items: AsyncIterable<T>, share: number): AsyncGenerator<T> {
  let since = performance.now()
  for await (const item of items) {
    yield item
    const worked = performance.now() - since
    if (share >= 1 || worked < WORK) continue
    await wait((worked * (1 - share)) / share)
    since = performance.now()
  }
}

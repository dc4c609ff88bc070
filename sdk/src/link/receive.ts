import { LIMITS, signingInputHash } from '@delegraph/link'
import type { Runtime } from '../act/runtime.ts'
import { SdkError } from '../errors.ts'
import { activeIds } from '../trace/run.ts'
import { type Chain, isHeldBy } from './chain.ts'
import { isRefusal, parseChain } from './parse-chain.ts'

/**
 * Takes a chain by value. Every link of it is reported before it is judged: the one that is not in
 * order is what a collector must see, and a caller may report elsewhere.
 */
export function receive(runtime: Runtime, texts: readonly string[]): Chain {
  const chain = reported(runtime, texts)
  if (isRefusal(chain))
    throw new SdkError('chain_refused', `the chain is not in order: ${chain.refused}`, {
      detail: chain.refused,
    })
  if (!isHeldBy(chain, runtime.key.jwk))
    throw new SdkError('not_holder', 'the chain is bound to another key than this agent holds')
  return chain
}

/** Reads a chain of somebody else and reports its links. Never throws. */
export function reported(
  runtime: Pick<Runtime, 'recorder' | 'storage' | 'anchors'>,
  texts: readonly string[],
): ReturnType<typeof parseChain> {
  const chain = parseChain(texts, runtime.anchors)
  const ids = activeIds(runtime.storage.getStore())
  if (!isRefusal(chain)) for (const link of chain.links) runtime.recorder.link(link, ids)
  else for (const { text, hash } of plausible(texts)) runtime.recorder.link({ text, hash }, ids)
  return chain
}

/** What has the form of a signed text, and no more of it than a chain may have. */
function plausible(texts: readonly string[]): readonly { text: string; hash: string }[] {
  return texts.slice(0, LIMITS.links).flatMap((text) => {
    if (typeof text !== 'string' || text.length > LIMITS.linkSize) return []
    const hash = signingInputHash(text)
    return hash === undefined ? [] : [{ text, hash }]
  })
}

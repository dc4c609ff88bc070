interface Linked {
  readonly hash: string
  readonly parentHash: string | null
}

/** The links from the topmost that is here down to one; a circle, which only a forger makes, is cut. */
export function pathTo<Link extends Linked>(link: Link, links: readonly Link[]): Link[] {
  const byHash = new Map(links.map((one) => [one.hash, one]))
  const path: Link[] = []
  const seen = new Set<string>()
  for (let at: Link | undefined = link; at !== undefined && !seen.has(at.hash); ) {
    seen.add(at.hash)
    path.unshift(at)
    at = at.parentHash === null ? undefined : byHash.get(at.parentHash)
  }
  return path
}

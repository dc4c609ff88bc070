/** Where a span is looked at in other tools: another tab, which learns nothing of this one. */
export function TraceLinks({
  links,
}: {
  readonly links: readonly { readonly name: string; readonly url: string }[]
}) {
  const safe = links.filter(({ url }) => isWeb(url))
  if (safe.length === 0) return null
  return (
    <>
      <dt>elsewhere</dt>
      <dd className="row">
        {safe.map(({ name, url }) => (
          <a key={name} href={url} target="_blank" rel="noopener noreferrer">
            {name} ↗
          </a>
        ))}
      </dd>
    </>
  )
}

/** The collector gives no other; a link that is none of these is not made all the same. */
export function isWeb(url: string): boolean {
  return URL.canParse(url) && ['http:', 'https:'].includes(new URL(url).protocol)
}

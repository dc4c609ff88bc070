import { Tag } from '../../shared/marks.tsx'

/** A part of the world that the configuration holds to be critical, with how much, in words. */
export function ZoneTag({
  zone: { name, criticality },
}: {
  readonly zone: { readonly name: string; readonly criticality: number }
}) {
  return (
    <span title={`Criticality ${criticality} of 5, by the configuration`}>
      <Tag>
        zone {name}, {criticality} of 5
      </Tag>
    </span>
  )
}

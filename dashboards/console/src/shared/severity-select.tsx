import { Select } from '@mantine/core'

const CHOICES = [
  { value: '5', label: 'critical' },
  { value: '4', label: 'high and above' },
  { value: '3', label: 'medium and above' },
  { value: '2', label: 'low and above' },
]

/** From which severity on; null for every one. */
export function SeveritySelect({
  value,
  change,
  className,
}: {
  readonly value: string | undefined
  readonly change: (severity: string | null) => void
  readonly className?: string
}) {
  return (
    <Select
      size="xs"
      aria-label="Severity"
      placeholder="Every severity"
      data={CHOICES}
      value={value ?? null}
      onChange={change}
      clearable
      comboboxProps={{ withinPortal: false }}
      {...(className === undefined ? {} : { className })}
    />
  )
}

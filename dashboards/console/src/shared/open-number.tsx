/** A number that opens what it counts, and closes it again; 0 opens nothing. */
export function OpenNumber({
  count,
  text = String(count),
  name,
  isOpen,
  toggle,
}: {
  readonly count: number
  /** How it is told, where not as it is. */
  readonly text?: string
  /** Of what it is the number. */
  readonly name: string
  readonly isOpen: boolean
  readonly toggle: () => void
}) {
  if (count === 0) return count
  return (
    <button
      type="button"
      className="text-button"
      aria-label={`${text} ${name}: show them`}
      aria-pressed={isOpen}
      onClick={toggle}
    >
      {text}
    </button>
  )
}

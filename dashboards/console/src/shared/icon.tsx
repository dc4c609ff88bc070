const PATHS = {
  inbox: 'M2 9h3l1 2h4l1-2h3M2 9l2-6h8l2 6v4H2z',
  pulse: 'M1 8h3l2-5 3 10 2-5h4',
  search: 'M7 12A5 5 0 1 0 7 2a5 5 0 0 0 0 10zM11 11l3 3',
  moon: 'M13 9.5A5.5 5.5 0 0 1 6.5 3 5.5 5.5 0 1 0 13 9.5z',
  sun: 'M8 11a3 3 0 1 0 0-6 3 3 0 0 0 0 6zM8 1v2M8 13v2M1 8h2M13 8h2M3 3l1.5 1.5M11.5 11.5L13 13M13 3l-1.5 1.5M4.5 11.5L3 13',
  copy: 'M5 5V2h9v9h-3M2 5h9v9H2z',
  close: 'M3 3l10 10M13 3L3 13',
  check: 'M3 8.5l3.5 3.5L13 4.5',
  cross: 'M4 4l8 8M12 4l-8 8',
  question: 'M6 6a2 2 0 1 1 3 1.7c-.7.4-1 .8-1 1.8M8 12v.5',
  gap: 'M2 8h2M7 8h2M12 8h2',
  plus: 'M8 3v10M3 8h10',
  minus: 'M3 8h10',
  right: 'M6 3l5 5-5 5',
  down: 'M3 6l5 5 5-5',
  chain: 'M6 10l4-4M7 4l2-2a3.5 3.5 0 0 1 5 5l-2 2M9 12l-2 2a3.5 3.5 0 0 1-5-5l2-2',
  person:
    'M8 8a3 3 0 1 0 0-6 3 3 0 0 0 0 6zM2.5 14c.5-3 2.500-4.500 5.500-4.500s5 1.500 5.500 4.500',
  agent: 'M3 5h10v8H3zM8 5V2M6 9v.5M10 9v.5',
  bell: 'M4 11V7a4 4 0 0 1 8 0v4l1 1.500H3zM6.500 14h3',
  eye: 'M1 8c2-3.500 4.300-5 7-5s5 1.500 7 5c-2 3.500-4.300 5-7 5S3 11.500 1 8zM8 10a2 2 0 1 0 0-4 2 2 0 0 0 0 4z',
  'eye-off':
    'M2 2l12 12M6.500 3.200C7 3 7.500 3 8 3c2.700 0 5 1.500 7 5-.6 1-1.200 1.900-1.900 2.600M10.500 12.500C9.700 12.800 8.900 13 8 13c-2.700 0-5-1.500-7-5 .8-1.400 1.700-2.500 2.700-3.400',
  dot: 'M8 9.500a1.500 1.500 0 1 0 0-3 1.500 1.500 0 0 0 0 3z',
  play: 'M5 3l8 5-8 5z',
  pause: 'M5 3v10M11 3v10',
  star: 'M8 2l1.800 3.900 4.200.5-3.100 2.900.8 4.200L8 11.400l-3.700 2.100.8-4.200L2 6.400l4.200-.5z',
  clock: 'M8 14A6 6 0 1 0 8 2a6 6 0 0 0 0 12zM8 4.500V8l2.500 1.500',
  spread:
    'M5 8l6-4M5 8l6 4M3 9.500a1.500 1.500 0 1 0 0-3 1.500 1.500 0 0 0 0 3zM13 5a1.500 1.500 0 1 0 0-3 1.500 1.500 0 0 0 0 3zM13 14a1.500 1.500 0 1 0 0-3 1.500 1.500 0 0 0 0 3z',
  case: 'M2 5h12v8H2zM6 5V3h4v2M2 8.500h12',
  scales: 'M8 2v12M4 14h8M2 4h12M2 4l-1 5h4L4 4M12 4l-1 5h4l-1-5',
} as const

export type IconName = keyof typeof PATHS

/** A line drawing beside a word; never the only carrier of a meaning. */
export function Icon({ name }: { readonly name: IconName }) {
  return (
    <svg className="icon" viewBox="0 0 16 16" width={15} height={15} aria-hidden="true">
      <path
        d={PATHS[name]}
        fill="none"
        stroke="currentColor"
        strokeWidth={1.6}
        strokeLinecap="round"
        strokeLinejoin="round"
      />
    </svg>
  )
}

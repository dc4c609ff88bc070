import type { useNavigate } from '@tanstack/react-router'

/** Goes somewhere in the console. */
export type Navigate = ReturnType<typeof useNavigate>

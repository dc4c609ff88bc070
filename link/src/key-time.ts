/** When a trusted key was in use, NumericDate; open where absent. */
export interface KeyTime {
  readonly valid_from?: number
  readonly valid_until?: number
}

/** Whether a text issued at `iat` falls into the time of the key that signed it. */
export function isKeyInTime(key: KeyTime, iat: number): boolean {
  const { valid_from: from = 0, valid_until: until = Number.POSITIVE_INFINITY } = key
  return from <= iat && iat < until
}

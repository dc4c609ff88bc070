/** What one look at the surroundings of a collector found. */
export interface Check {
  readonly name: string
  /** `warning`: it works, and somebody should look. `failed`: a collector cannot do its work. */
  readonly state: 'ok' | 'warning' | 'failed'
  readonly says: string
  /** What to do about it; absent where it is ok. */
  readonly todo?: string
  /** Whose it is, where there are several. */
  readonly tenant?: string
}

export function ok(name: string, says: string): Check {
  return { name, state: 'ok', says }
}

export function warning(name: string, says: string, todo: string): Check {
  return { name, state: 'warning', says, todo }
}

export function failed(name: string, says: string, todo: string): Check {
  return { name, state: 'failed', says, todo }
}

/** Why a file or folder cannot be used, in words. */
const WHY: Readonly<Record<string, string>> = {
  EACCES: 'this user may not read or write it',
  EPERM: 'this user may not read or write it',
  EROFS: 'its file system is read-only',
  ENOSPC: 'its disk is full',
  EIO: 'its disk fails',
  ENOTDIR: 'it is no folder',
}

export function messageOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  const { code, path } = error as NodeJS.ErrnoException
  const why = WHY[code ?? '']
  return why === undefined || path === undefined ? error.message : `${path}: ${why}`
}

/** `1 file`, `3 files`. */
export function counted(count: number, one: string): string {
  return `${count} ${one}${count === 1 ? '' : 's'}`
}

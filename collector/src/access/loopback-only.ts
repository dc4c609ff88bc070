import { CollectorError } from '../errors.ts'
import { isLoopbackName } from '../listen.ts'

/**
 * Refuses to be reached from elsewhere by whoever comes.
 *
 * @throws CollectorError `config_invalid`
 */
export function loopbackWithoutLogin(config: {
  readonly auth?: unknown
  readonly otlp: { readonly host: string }
  readonly api: { readonly host: string; readonly publicUrl?: string | undefined }
}): void {
  if (config.auth !== undefined) return
  const { publicUrl } = config.api
  if (publicUrl !== undefined && !isLoopbackName(new URL(publicUrl).hostname)) {
    throw new CollectorError(
      'config_invalid',
      'api.publicUrl: whoever came by it would not be asked who they are; configure auth',
    )
  }
  for (const name of ['otlp', 'api'] as const) {
    const { host } = config[name]
    if (isLoopbackName(host)) continue
    throw new CollectorError(
      'config_invalid',
      `${name}.host: ${host} can be reached from elsewhere, and nobody would be asked who they are; configure auth, or use 127.0.0.1`,
    )
  }
}

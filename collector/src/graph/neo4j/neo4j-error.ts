import { isRetryableError, Neo4jError } from 'neo4j-driver'
import { StoreError } from '../errors.ts'

/**
 * What the driver says, in our words and with the server's address: never its text, which may hold
 * what was being stored. What is no error of the driver stays as it is.
 */
export function neo4jError(address: string, cause: unknown): unknown {
  if (cause instanceof StoreError || !(cause instanceof Neo4jError)) return cause
  const { code } = cause
  if (code === 'Neo.ClientError.Security.AuthenticationRateLimit') {
    return new StoreError(
      'store_auth',
      `Neo4j at ${address} was given wrong passwords too often; wait some seconds`,
    )
  }
  if (code.startsWith('Neo.ClientError.Security.')) {
    return new StoreError('store_auth', `Neo4j at ${address} refuses the user or the password`)
  }
  if (code === 'Neo.ClientError.Database.DatabaseNotFound') {
    return new StoreError('store_config', `Neo4j at ${address} has no database of that name`)
  }
  if (/protocol version|supported version/i.test(cause.message)) {
    return new StoreError('store_version', `${address} is no Neo4j of version 5 or later`)
  }
  if (isRetryableError(cause) || code === 'ServiceUnavailable' || code === 'N/A') {
    return new StoreError(
      'store_unreachable',
      `Neo4j at ${address} cannot be reached now (${code})`,
    )
  }
  return new StoreError('store_failed', `Neo4j at ${address} refused a statement (${code})`)
}

/**
 * The address that may be shown: scheme, host and port.
 *
 * @throws StoreError `store_config` for what is no address, or holds a password
 */
export function checkedAddress(uri: string): string {
  const parts = URL.canParse(uri) ? new URL(uri) : undefined
  if (parts === undefined || !/^(bolt|neo4j)(\+s|\+ssc)?:$/.test(parts.protocol)) {
    throw new StoreError('store_config', 'the Neo4j address must begin with bolt:// or neo4j://')
  }
  if (parts.username !== '' || parts.password !== '') {
    throw new StoreError(
      'store_config',
      'the Neo4j address must not hold a user or a password; give them apart from it',
    )
  }
  return `${parts.protocol}//${parts.host}`
}

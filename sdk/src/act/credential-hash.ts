import { createHmac } from 'node:crypto'

/**
 * Names a credential without showing it: HMAC-SHA-256 under a key of the deployment, 43 characters
 * of base64url. The same credential has the same name for all agents that share the key.
 */
export function credentialHash(credential: string, deploymentKey: string | Uint8Array): string {
  return createHmac('sha256', deploymentKey).update(credential).digest('base64url')
}

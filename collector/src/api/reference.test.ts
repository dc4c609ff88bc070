import { expect, test } from 'vitest'
import { createApiSchema } from './create-api.ts'
import { apiReference } from './reference.ts'

/** `vitest run collector/src/api/reference.test.ts -u` writes the page again after the contract changed. */
test('the page of the API says what the API says', async () => {
  await expect(apiReference(createApiSchema())).toMatchFileSnapshot(
    '../../../docs/reference/api.md',
  )
})

import { defineConfig } from 'vitest/config'

export default defineConfig({
  resolve: { conditions: ['delegraph-source'] },
  ssr: { resolve: { conditions: ['delegraph-source', 'node', 'import', 'default'] } },
  test: {
    include: ['**/*.test.ts'],
    exclude: ['**/node_modules/**', '**/dist/**'],
    globalSetup: ['test/harness/neo4j/global-setup.ts'],
    testTimeout: 30_000,
    hookTimeout: 60_000,
  },
})

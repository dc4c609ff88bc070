import { defineConfig } from 'vitest/config'

export default defineConfig({
  resolve: { conditions: ['delegraph-source'] },
  ssr: {
    resolve: { conditions: ['delegraph-source', 'node', 'module-sync', 'import', 'default'] },
  },
  test: {
    include: ['**/*.test.ts'],
    exclude: ['**/node_modules/**', '**/dist/**'],
    globalSetup: ['test/harness/neo4j/global-setup.ts'],
    reporters: ['default', './test/harness/closing-line.ts'],
    testTimeout: 30_000,
    hookTimeout: 60_000,
  },
})

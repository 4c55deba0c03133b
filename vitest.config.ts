import { defineConfig } from 'vitest/config';

const packages = new URL('./packages/', import.meta.url).pathname;

export default defineConfig({
  resolve: {
    // Sources instead of dist, so that tests need no build. Kept in step with the paths of tsconfig.json.
    alias: [
      { find: /^@surprisal\/kernels\/([\w-]+)$/, replacement: `${packages}kernels/src/$1/index.ts` },
      { find: /^@surprisal\/([\w-]+)$/, replacement: `${packages}$1/src/index.ts` },
    ],
  },
  test: {
    globalSetup: 'packages/kernels/scripts/vitest-setup.ts',
    // Tests in tools/published need a build: vitest.packages.config.ts runs them.
    include: ['packages/*/src/**/*.test.ts', 'apps/*/src/**/*.test.ts', 'examples/**/*.test.ts'],
    exclude: ['**/node_modules/**', '**/dist/**'],
    // The references of numerical tests are computed, not read; some take seconds on a slow machine.
    testTimeout: 30_000,
    // By default one processor is left idle, which is half of a small machine.
    maxWorkers: '100%',
    typecheck: {
      enabled: true,
      tsconfig: 'tsconfig.json',
      include: ['packages/*/src/**/*.test-d.ts', 'apps/*/src/**/*.test-d.ts'],
      exclude: ['**/node_modules/**', '**/dist/**'],
    },
    coverage: {
      provider: 'v8',
      include: ['packages/*/src/**/*.ts'],
      exclude: ['**/*.test.ts', '**/*.test-d.ts', '**/index.ts', 'packages/*/src/testing*/**', '**/generated/**'],
      reporter: ['text-summary', 'html', 'json-summary'],
      thresholds: { lines: 95, branches: 90 },
    },
  },
});

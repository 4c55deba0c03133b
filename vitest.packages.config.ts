import { defineConfig } from 'vitest/config';

/** Checks of what users install, on the packed tarballs: `pnpm check:packages`, after a build. */
export default defineConfig({
  test: {
    include: ['tools/published/**/*.test.ts'],
    globalSetup: 'tools/published/setup.ts',
    // Compilers, installers and other versions of Node run here, two at a time on a small machine.
    testTimeout: 120_000,
    hookTimeout: 120_000,
  },
});

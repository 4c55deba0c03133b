import type { KnipConfig } from 'knip';

const tests = 'src/**/*.{test,test-d}.ts';

export default {
  // A type that another export of its file mentions is part of that export.
  ignoreExportsUsedInFile: { interface: true, type: true },
  // A package from outside, which knows nothing of this repository.
  ignore: ['examples/third-party-loss/**'],
  workspaces: {
    '.': {
      entry: [
        'tools/published/setup.ts',
        'tools/published/store-fingerprints.ts',
        'tools/published/programs/*.ts',
        'tools/**/*.test.ts',
        'vitest.*.config.ts',
      ],
      project: ['tools/**/*.ts', '*.config.ts'],
    },
    'packages/*': { entry: ['scripts/*.ts', tests], project: ['src/**/*.ts', 'scripts/*.ts'] },
    'apps/*': {
      entry: ['src/main.ts', 'scripts/*.ts', 'src/testing*/*-program.ts', tests],
      project: ['src/**/*.ts', 'scripts/*.ts'],
    },
    examples: {
      entry: ['src/*.ts', 'src/experiments/main.ts', 'src/**/*.test.ts'],
      project: ['src/**/*.ts'],
      // A package from outside, with dependencies of its own.
      ignore: ['third-party-loss/**'],
    },
  },
} satisfies KnipConfig;

import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import js from '@eslint/js';
import vitest from '@vitest/eslint-plugin';
import type { Linter } from 'eslint';
import { defineConfig, globalIgnores } from 'eslint/config';
import tseslint from 'typescript-eslint';

const tests = ['**/*.test.ts', '**/*.test-d.ts'];
const testing = [...tests, '**/src/testing*/**'];

/** Functions of ours that assert have names that start so. */
const assertFunctionNames = ['expect', 'expect*', 'expectTypeOf', 'assertType', 'assert*'];

/**
 * The sources of a package import what its own package.json lists, and nothing that only a parent folder has.
 */
const importRules: Linter.Config[] = readdirSync(join(import.meta.dirname, 'packages')).map((name) => {
  const file = join(import.meta.dirname, 'packages', name, 'package.json');
  const { dependencies = {} } = JSON.parse(readFileSync(file, 'utf8')) as { dependencies?: Record<string, string> };
  const listed = Object.keys(dependencies).map((dependency) => dependency.replaceAll('.', '\\.'));
  const unlisted = listed.length === 0 ? '^[^.]' : `^(?!(?:${listed.join('|')})(?:/|$))[^.]`;
  const patterns = [{ regex: unlisted, message: `packages/${name}/package.json has it not among its dependencies.` }];
  return {
    files: [`packages/${name}/src/**/*.ts`],
    ignores: testing,
    rules: { '@typescript-eslint/no-restricted-imports': ['error', { patterns }] },
  };
});

export default defineConfig(
  // A package from outside has no configuration of ours; tools/published compiles and runs it.
  globalIgnores(['examples/third-party-loss/']),
  // AssemblyScript is TypeScript to the eye only: its types are unknown to the compiler that the rules ask.
  globalIgnores(['**/dist/', '**/coverage/', '**/.turbo/', '**/generated/', 'packages/kernels/assembly/']),
  js.configs.recommended,
  tseslint.configs.strictTypeChecked,
  tseslint.configs.stylisticTypeChecked,
  {
    linterOptions: { reportUnusedDisableDirectives: 'error' },
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      // Error messages and reports are made of numbers; their default text is the wanted one.
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
      'no-restricted-syntax': [
        'error',
        { selector: 'TSEnumDeclaration', message: 'Use a union of string literals.' },
        { selector: 'ExportDefaultDeclaration', message: 'Use a named export.' },
      ],
      eqeqeq: 'error',
    },
  },
  ...importRules,
  {
    files: ['*.config.ts'],
    rules: { 'no-restricted-syntax': 'off' }, // Tools read the default export of their configuration file.
  },
  {
    files: ['packages/kernels/src/**'],
    rules: { '@typescript-eslint/prefer-for-of': 'off' }, // Tiles are read by offset and stride; one form for all loops.
  },
  {
    files: tests,
    plugins: { vitest },
    settings: { vitest: { typecheck: true } },
    rules: {
      ...vitest.configs.recommended.rules,
      'vitest/expect-expect': ['error', { assertFunctionNames }],
      'vitest/valid-expect': ['error', { alwaysAwait: true }],
      'vitest/no-focused-tests': 'error',
      'vitest/no-disabled-tests': 'error',
      'vitest/no-conditional-expect': 'error',
      'vitest/no-standalone-expect': 'error',
      // A test whose assertion is a bare expression asserts nothing.
      '@typescript-eslint/no-unused-expressions': 'error',
    },
  },
);

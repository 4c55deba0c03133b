import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { NO_BUDGETS, type Budgets } from './budgets.js';
import { readBudgets } from './read-budgets.js';

/** Published with the package; in a checkout the file that is committed. */
export const OWN_BUDGETS: string = fileURLToPath(new URL('../../budgets.json', import.meta.url));

/** The budgets of a file, by default our own, which may be missing from a build of the bench that somebody made; a file that was named may not. */
export function chosenBudgets(file?: string): Budgets {
  return file === undefined && !existsSync(OWN_BUDGETS) ? NO_BUDGETS : readBudgets(file ?? OWN_BUDGETS);
}

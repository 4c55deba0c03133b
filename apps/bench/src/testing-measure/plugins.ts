/** What a third party might register beside ours: a loss that is wrong, one outside of the family, one that lacks an engine. */
export { slightlyWrong, squared, withoutRelaxed } from '../testing.js';

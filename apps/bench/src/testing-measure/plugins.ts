/** What a third party might register beside ours: a loss that is wrong, and one outside of the family. */
export { slightlyWrong, squared } from '../testing.js';

// Bundled together with its worker and this module of plugins, which is the module itself.
import { categoricalCrossEntropy } from '@surprisal/categorical';
import { createPool } from '@surprisal/parallel';

export { categoricalCrossEntropy };

/** One value over a pool. */
export async function print(): Promise<void> {
  const pool = createPool({ plugins: [import.meta.url], workers: 2 });
  console.log(
    await pool.value(
      categoricalCrossEntropy(),
      [
        [1, 2, 0.5],
        [0.1, -1, 3],
      ],
      [1, 2],
    ),
  );
}

/**
 * Publishes the generation of an index folder and stops in the middle for good. Arguments: address of the database, index
 * folder. Sends one message when it has stopped.
 */
import { storeAt } from '../../src/database/shared-store.ts';

const [url = '', indexFolder = ''] = process.argv.slice(2);
const store = await storeAt(url, { indexFolder, indexMemoryBytes: Infinity, journal: { days: 1 } });
await store.generations.publish({
  onProgress: (done, total) => {
    if (done < total / 2) return;
    process.send?.('in the middle');
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
  },
});

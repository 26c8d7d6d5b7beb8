/**
 * Opens and closes workers one after the other in one process, every fourth in the middle of its work, and prints what
 * is left over: `node --import tsx test/embedding/soak.ts [times] [model folder]`. Linux only.
 */
import { readdirSync } from 'node:fs';

import { openEmbedder } from '../../src/embedding/open-embedder.ts';
import { TINY_FOLDER } from './models.ts';

const [times = '40', folder = TINY_FOLDER] = process.argv.slice(2);
const passages = Array.from({ length: 50 }, () => ({
  header: 'soak',
  sentences: ['who promised drones', 'the minister of japan'],
}));

function leftOver(): string {
  const megabytes = Math.round(process.memoryUsage().rss / 1e6);
  const files = readdirSync('/proc/self/fd').length;
  return `${megabytes} MB, ${files} open files, waits for ${process.getActiveResourcesInfo().join(' ')}`;
}

let expected = '';
for (let i = 1; i <= Number(times); i++) {
  const started = performance.now();
  const embedder = await openEmbedder({
    model: folder,
    modelFolder: folder,
    cacheFolder: folder,
  });
  const opened = performance.now();
  const [vector] = await embedder.embedQuestions(['who promised drones']);
  expected ||= String(vector);
  if (String(vector) !== expected) throw new Error(`Worker ${i} gave another vector.`);
  const work = embedder.embedPassages(passages).then(
    () => 'done',
    (error: unknown) => (error instanceof Error ? error.message : String(error)),
  );
  if (i % 4 !== 0) await work;
  await embedder.close();
  console.log(`${i}: opened in ${(opened - started).toFixed(0)} ms, ${await work}, ${leftOver()}`);
}

/**
 * A build in a process of its own, to be killed. Arguments: corpus folder, index folder, and either
 * `kill N` (SIGKILL itself where its N-th step begins), `kill-within N` (before its N-th asynchronous operation on files),
 * `hold` (stay at the first report for good) or `run`. Writes the name of each step where it begins, and at the end the number of
 * operations on files. A fifth argument makes what has changed an addition, however small the index.
 */
import { createHook } from 'node:async_hooks';
import { writeSync } from 'node:fs';
import { buildIndex } from '../../src/index/build.ts';
import { hashingEmbedder } from './hashing-embedder.ts';

const [corpusFolder = '', indexFolder = '', mode = 'run', at = '0', addition] =
  process.argv.slice(2);
let begun = 0;
let last = '';
let operations = 0;

const countOperations = createHook({
  init: (_, type) => {
    if (!type.startsWith('FSREQ')) return;
    operations += 1;
    if (mode === 'kill-within' && operations === Number(at)) process.kill(process.pid, 'SIGKILL');
  },
});
if (mode === 'run' || mode === 'kill-within') countOperations.enable();

await buildIndex({
  corpusFolder,
  indexFolder,
  embedder: hashingEmbedder(),
  ...(addition === undefined
    ? {}
    : { limits: { smallestBase: 0, largest: Infinity, largestShare: Infinity } }),
  onProgress: ({ step }) => {
    if (step === last) return;
    last = step;
    begun += 1;
    writeSync(1, `${step}\n`);
    if (mode === 'kill' && begun === Number(at)) process.kill(process.pid, 'SIGKILL');
    if (mode === 'hold') Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
  },
});
writeSync(1, `${operations}\n`);

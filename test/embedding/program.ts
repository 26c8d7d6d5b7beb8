/** A program that opens a model and never closes it, for tests of how its worker ends: `program.ts end|wait`. */
import { openEmbedder } from '../../src/embedding/open-embedder.ts';
import { TINY_FOLDER } from './models.ts';

const embedder = await openEmbedder({
  model: TINY_FOLDER,
  modelFolder: TINY_FOLDER,
  cacheFolder: TINY_FOLDER,
});
const vectors = await embedder.embedQuestions(['who promised drones']);
if (process.argv[2] === 'end') {
  console.log(`${vectors.length} vector`);
} else {
  const timer = setInterval(() => undefined, 1000);
  process.once('SIGINT', () => {
    // Time for the signal to end a worker that does not ignore it.
    setTimeout(() => {
      void embedder.embedQuestions(['and who else']).then((more) => {
        console.log(`answered after the signal: ${more.length}`);
        clearInterval(timer);
      });
    }, 300);
  });
  console.log('waiting');
}

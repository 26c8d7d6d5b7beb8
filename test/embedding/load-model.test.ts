import path from 'node:path';

import { beforeAll, describe, expect, it } from 'vitest';

import type { LoadedModel } from '../../src/embedding/encoder.ts';
import { loadModel } from '../../src/embedding/load-model.ts';
import { locateModel } from '../../src/embedding/model.ts';
import { BUNDLED_FOLDER, TINY_FOLDER } from './models.ts';

function load(folder: string): Promise<LoadedModel> {
  const place = { modelFolder: folder, cacheFolder: folder, revision: 'main', hub: '' };
  return loadModel(locateModel({ model: path.resolve(folder), ...place }), () => undefined);
}

describe.each([
  ['the bundled model', BUNDLED_FOLDER, { first: 0, last: 2, maxTokens: 512 }],
  ['a BERT', TINY_FOLDER, { first: 2, last: 3, maxTokens: 64 }],
])('the tokeniser of %s', (_, folder, rules) => {
  let model: LoadedModel;
  beforeAll(async () => {
    model = await load(folder);
  });

  it('has the special tokens and the limit of its model', () => {
    expect(model).toMatchObject(rules);
  });

  it('takes the first word of a text as a word, as it does any other', () => {
    const { tokenise } = model;
    const before = tokenise('the');
    for (const word of ['drones', 'Kyiv', 'minister', 'promised', '2024']) {
      expect(tokenise(`the ${word}`), word).toEqual([...before, ...tokenise(word)]);
    }
  });

  it('gives nothing for nothing', () => {
    const { tokenise } = model;
    expect(tokenise('')).toEqual([]);
    expect(tokenise(' \n')).toEqual([]);
  });

  it('gives a state of the same size for every token', async () => {
    const { run, first, last, tokenise } = model;
    const ids = [first, ...tokenise('who promised drones'), last];
    const size = (await run([first, last])).length / 2;
    expect(await run(ids)).toHaveLength(ids.length * size);
  });
});

import { describe, expect, it } from 'vitest';

import { profileOf } from '../../src/embedding/model.ts';

describe('profileOf', () => {
  it.each(['Xenova/all-MiniLM-L6-v2', 'Xenova/bge-small-en-v1.5', 'Xenova/multilingual-e5-small'])(
    'pins %s to a commit',
    (model) => {
      expect(profileOf(model).revision).toMatch(/^[0-9a-f]{40}$/);
    },
  );

  it('puts no prefix before the texts of MiniLM', () => {
    expect(profileOf('Xenova/all-MiniLM-L6-v2')).toMatchObject({
      questionPrefix: '',
      passagePrefix: '',
      pooling: 'mean',
    });
  });

  it.each(['bundled', 'Xenova/multilingual-e5-small', 'Xenova/e5-large-v2', './models/e5-base'])(
    'gives %s the prefixes of E5 on both sides',
    (model) => {
      expect(profileOf(model)).toMatchObject({
        questionPrefix: 'query: ',
        passagePrefix: 'passage: ',
        pooling: 'mean',
      });
    },
  );

  it.each(['Xenova/bge-small-en-v1.5', 'Xenova/bge-base-en-v1.5'])(
    'gives %s an instruction before the question only and the vector of the first token',
    (model) => {
      const profile = profileOf(model);
      expect(profile.questionPrefix).toMatch(/^Represent this sentence .*: $/);
      expect(profile).toMatchObject({ passagePrefix: '', pooling: 'cls' });
    },
  );

  it('leaves an unknown model on its default branch, without prefixes', () => {
    expect(profileOf('someone/fine5tuned')).toEqual({
      revision: 'main',
      questionPrefix: '',
      passagePrefix: '',
      pooling: 'mean',
    });
  });
});

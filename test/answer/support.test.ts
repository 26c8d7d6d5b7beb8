import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { openRealSnapshot } from '../support/real-index.ts';

interface Question {
  readonly id: string;
  readonly question: string;
  readonly kind?: string;
  readonly gold: readonly { readonly document: string; readonly pattern: string }[];
}

const LISTS = readFileSync('test/eval/strangers.jsonl', 'utf8')
  .trim()
  .split('\n')
  .map((line) => ({ gold: [], ...(JSON.parse(line) as Question) }))
  .filter(({ kind, gold }) => ['list', 'order'].includes(kind ?? '') && gold.length > 0);

describe('the first excerpt below a list', () => {
  it('states what is listed, or tells of a meeting listed', async () => {
    const { snapshot } = await openRealSnapshot();
    const unsupported: string[] = [];
    for (const { id, question, gold } of LISTS) {
      const { listing, excerpts } = await snapshot.ask(question, { k: 1 });
      const [first] = excerpts;
      const isRight = gold.some(
        ({ document, pattern }) =>
          document === first?.document.id && new RegExp(pattern, 'iu').test(first.text),
      );
      if (listing !== null && !isRight) unsupported.push(id);
    }
    expect(LISTS.length).toBeGreaterThan(15);
    expect(unsupported.length).toBeLessThanOrEqual(1);
  });

  it.each([
    'How many countries did she visit?',
    'list all her meetings',
    'who did she meet in Kyiv?',
  ])('never is one of open questions: “%s”', async (question) => {
    const { snapshot, index } = await openRealSnapshot();
    const { excerpts } = await snapshot.ask(question);
    const [first] = excerpts;
    const passage = index.passages.find(
      ({ documentId, text }) => documentId === first?.document.id && first.text.includes(text),
    );
    expect(passage?.headings.join(' ')).not.toMatch(/open question/i);
  });

  it('states the number', async () => {
    const { snapshot } = await openRealSnapshot();
    const { excerpts } = await snapshot.ask('How many countries did she visit?');
    const [first] = excerpts;
    expect(first?.text.slice(...(first.highlight ?? [0, 0]))).toMatch(/nine countries/);
  });
});

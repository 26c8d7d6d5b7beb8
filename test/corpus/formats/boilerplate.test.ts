import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { BlockBuilder, type Block, type BlockKind } from '../../../src/corpus/formats/block.ts';
import { isBoilerplateLine, withoutBoilerplate } from '../../../src/corpus/formats/boilerplate.ts';
import { isDateline } from '../../../src/language/dates.ts';
import { readCorpus } from '../../../src/corpus/read-corpus.ts';
import { sentencesOf } from '../../../src/corpus/sentences.ts';

function block(text: string, kind: BlockKind = 'paragraph'): Block {
  const builder = new BlockBuilder();
  builder.append(text, 0);
  return builder.build(kind);
}

function kept(...texts: string[]): string[] {
  return withoutBoilerplate(texts.map((text) => block(text))).map(({ text }) => text);
}

const PROSE =
  'The minister said that no one may redraw the map of Europe by force, and that aid would go on.';

describe('isBoilerplateLine', () => {
  it.each([
    'Home > World > Europe',
    'Facebook · X · LINE',
    'Previous article | Next article',
    'Back to Top',
    'Back to Japan-United States of America Relations',
    'Share  Tweet  Email  Save for later',
    'Share this: Facebook',
    'ADVERTISEMENT',
    'Read more: Ten things to know',
    'RELATED: Who pays?',
    'Subscribe to our channel',
    'By Some One, with agencies',
    'Reporting by A. B.; editing by C. D.',
    'Published: January 5, 2024',
    'Photo: The ministry building (archive)',
    'The minister in Kyiv. (Reuters)',
    'Two men at a table. © Getty Images',
    '© 2024 The Paper',
    'All rights reserved.',
    'We use cookies to improve this site. Accept or change your preferences.',
    'Comments (3)',
    '5 min read',
    '* * *',
  ])('knows "%s"', (line) => {
    expect(isBoilerplateLine(line)).toBe(true);
  });

  it('takes no sentence and no heading of the corpus for boilerplate or a dateline', async () => {
    const { corpus } = await readCorpus(join(import.meta.dirname, '../../../corpus'));
    const lines = corpus.documents.flatMap(({ title, text, sections }) => [
      title,
      ...sections.flatMap(({ headings, blocks }) => [
        ...headings,
        ...blocks.flatMap((span) => {
          const words = text.slice(span.start, span.end);
          return [words, ...sentencesOf(words).map(({ start, end }) => words.slice(start, end))];
        }),
      ]),
    ]);
    // Pointers to other documents are what "See also" is on any page.
    const own = lines.filter((line) => !/^(?:See also|More about)\b/.test(line));
    expect(own.length).toBeGreaterThan(1000);
    expect(own.filter((line) => isBoilerplateLine(line) || isDateline(line))).toEqual([]);
  });
});

describe('withoutBoilerplate', () => {
  it('drops a pull quote that the text holds and keeps the text', () => {
    expect(
      kept(
        'A title',
        '“No one may redraw the map”',
        PROSE,
        'No one may redraw the map of Europe by force.',
      ),
    ).toEqual(['A title', PROSE]);
  });

  it('drops a table of contents and keeps the headings it lists', () => {
    expect(
      kept(
        'A title',
        '1. The alliance',
        '2. The Red Sea',
        'The alliance',
        PROSE,
        'The Red Sea',
        `${PROSE} Again.`,
      ),
    ).toEqual(['A title', 'The alliance', PROSE, 'The Red Sea', `${PROSE} Again.`]);
  });

  it('drops links below "Related articles" up to the next paragraph', () => {
    expect(
      kept(
        'A title',
        PROSE,
        'Related articles',
        'Poland looks east',
        '• Another link',
        'It ended with a sentence.',
      ),
    ).toEqual(['A title', PROSE, 'It ended with a sentence.']);
  });

  it('drops a paragraph that the page repeats', () => {
    expect(kept('A title', PROSE, 'Something else was said.', PROSE)).toEqual([
      'A title',
      PROSE,
      'Something else was said.',
    ]);
  });
});

describe('isDateline', () => {
  it.each([
    'January 12, 2024',
    'Friday, January 12, 2024, 3:47 p.m. – Washington, D.C.',
    'KYIV, Ukraine, Jan. 7, 2024',
    '(12 January 2024)',
    '2024-01-12 13:30 JST',
  ])('knows "%s"', (line) => {
    expect(isDateline(line)).toBe(true);
  });

  it.each([
    'January 12 was a long day.',
    'Press Conference by the Minister, 5 January 2024',
    'The tribunal',
    'From January 5 to 18 she was away',
  ])('leaves "%s" alone', (line) => {
    expect(isDateline(line)).toBe(false);
  });
});

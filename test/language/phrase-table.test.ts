import { describe, expect, it } from 'vitest';
import { PhraseTable } from '../../src/language/phrase-table.ts';

function table(...phrases: readonly string[]): PhraseTable<string> {
  const made = new PhraseTable<string>();
  for (const phrase of phrases) made.add(phrase, phrase);
  return made;
}

/** The phrases found, in order; "?" and the word for one that the table does not have. */
function found(of: PhraseTable<string>, text: string): string[] {
  return of.read(of.correct(text), []).map((read) => read.values[0] ?? `?${read.text}`);
}

describe('PhraseTable', () => {
  it('takes the longest phrase, whatever its number or tense', () => {
    const phrases = table('minister', 'foreign minister', 'meet', 'city', 'visit', 'place');
    expect(found(phrases, 'Foreign ministers visited places')).toEqual([
      'foreign minister',
      'visit',
      'place',
    ]);
    expect(found(phrases, 'ministers in cities')).toEqual(['minister', '?in', 'city']);
    expect(found(phrases, 'initiative')).toEqual(['?initiative']);
  });

  it('prefers the form that it has to another form of the word', () => {
    expect(found(table('meet', 'meeting'), 'meeting meets')).toEqual(['meeting', 'meet']);
  });

  it('puts misspelt words right, several in one text', () => {
    const phrases = table('ministers', 'which', 'stockholm', 'the', 'lunch');
    expect(phrases.correct('Wich minsters, teh Stokhlom?').text).toBe(
      'Which ministers, the Stockholm?',
    );
    expect(found(phrases, 'stockholmm')).toEqual(['stockholm']);
  });

  it('leaves words of the language and phrases that nobody means alone', () => {
    const phrases = table('lunch');
    phrases.add('Kampala', 'Kampala', 'any', false);
    expect(phrases.correct('launch kamala').text).toBe('launch kamala');
    expect(found(phrases, 'Kampala')).toEqual(['Kampala']);
  });

  it('keeps what was typed', () => {
    const phrases = table('stockholm');
    const [read] = phrases.read(phrases.correct('Stokholm'), []);
    expect(read).toMatchObject({ text: 'Stockholm', typed: 'Stokholm', values: ['stockholm'] });
  });

  it('reads Japanese by the longest phrase, without its grammar', () => {
    const phrases = table('外相', '会', '会談', '訪問先', '訪問', 'NATO');
    expect(found(phrases, '外相との会談は')).toEqual(['外相', '会談']);
    expect(found(phrases, '訪問先を訪問した')).toEqual(['訪問先', '訪問']);
    expect(found(phrases, 'バイデン大統領とNATO外相')).toEqual([
      '?バイデン',
      '?大統領',
      'NATO',
      '外相',
    ]);
  });

  it('reads names in kana as they are heard, in hiragana only where it begins with one', () => {
    const phrases = table('サリバン', 'ヴァルトネン', 'トルコ', '会談');
    expect(found(phrases, 'サリヴァンとの会談')).toEqual(['サリバン', '会談']);
    expect(found(phrases, 'ジェイク・サリーヴァン')).toContain('サリバン');
    expect(found(phrases, 'ばるとねんとの会談')).toEqual(['ヴァルトネン', '会談']);
    expect(found(phrases, '手にとることは')).not.toContain('トルコ');
    expect(phrases.correct('写真をさりばんに').text).toBe('写真をさりばんに');
  });

  it('leaves out stretches that are taken', () => {
    const phrases = table('on', 'monday', '会談');
    const text = 'on monday 会談';
    expect(
      phrases.read(phrases.correct(text), [{ start: 3, end: 9 }]).map((read) => read.text),
    ).toEqual(['on', '会談']);
  });
});

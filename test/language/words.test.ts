import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { readCorpus } from '../../src/corpus/read-corpus.ts';
import {
  boundedDistance,
  isEnglishWord,
  isOtherLanguage,
  languageOf,
  relatedWords,
  skeletonOf,
  stem,
  fold,
  wordsOf,
} from '../../src/language/words.ts';

const folded = (text: string): string[] => wordsOf(text).map((word) => word.folded);

describe('fold', () => {
  it('makes spellings equal that differ in case, marks, width or invisible characters', () => {
    expect(fold('Türkiye')).toBe('turkiye');
    expect(fold('TÜRKİYE')).toBe('turkiye');
    expect(fold('ｔurkiye')).toBe('turkiye');
    expect(fold('Tur\u00adki\u200dye')).toBe('turkiye');
    expect(fold('Radosław Hofmański, Strauß, Ærø')).toBe('radoslaw hofmanski, strauss, aero');
  });

  it('makes every apostrophe straight', () => {
    expect(fold('a‘b’cʼd`e´f')).toBe("a'b'c'd'e'f");
  });

  it('changes nothing when done again', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'binary', maxLength: 60 }),
        (text) => fold(fold(text)) === fold(text),
      ),
      { numRuns: 1000 },
    );
  });
});

describe('wordsOf', () => {
  it('gives words in order, with their offsets in the text', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string({ unit: 'grapheme', maxLength: 120 }),
          fc.string({
            unit: fc.constantFrom(...Array.from("aB1.,:-'’ sthé\u0301🙂上")),
            maxLength: 120,
          }),
        ),
        (text) => {
          let end = 0;
          for (const word of wordsOf(text)) {
            expect(word.start).toBeGreaterThanOrEqual(end);
            expect(word.end).toBeGreaterThan(word.start);
            expect(word.end).toBeLessThanOrEqual(text.length);
            expect(word.folded).not.toBe('');
            end = word.end;
          }
        },
      ),
      { numRuns: 1000 },
    );
  });

  it('reads figures whole, whatever follows them', () => {
    expect(folded('$37m, 3.5bn, 40,000 people, 5km, 1990s, the 12th')).toEqual([
      '37',
      'm',
      '3.5',
      'bn',
      '40000',
      'people',
      '5',
      'km',
      '1990',
      's',
      'the',
      '12',
    ]);
  });

  it('reads clock times, designations and dotted letters as one word', () => {
    expect(folded('at 13:30 F-16s, PAC-3 and the G7 in the U.S. or U.S')).toEqual([
      'at',
      '13:30',
      'f16',
      'pac3',
      'and',
      'the',
      'g7',
      'in',
      'the',
      'us',
      'or',
      'us',
    ]);
  });

  it('makes number words and figures equal, cardinal and ordinal', () => {
    expect(folded('seven fourteen twelfth seventy')).toEqual(['7', '14', '12', '70']);
    expect(folded('second')).toEqual(['second']);
  });

  it('drops possessives and joins contractions with their verbs', () => {
    expect(folded("Japan's Japan’s ministers' didn't can't won’t she'll")).toEqual([
      'japan',
      'japan',
      'ministers',
      'did',
      'can',
      'will',
      'she',
    ]);
  });

  it('splits at hyphens and keeps what names have inside', () => {
    expect(folded("vice-minister d'Ivoire O’Brien")).toEqual([
      'vice',
      'minister',
      'divoire',
      'obrien',
    ]);
  });

  it('sees no words in emoji, marks and punctuation', () => {
    expect(folded('🙂 👨‍👩‍👧 ❤️ … — \u200b ()')).toEqual([]);
  });

  it('reads words of other scripts', () => {
    expect(folded('上川陽子 Зеленський')).toEqual(['上川', '陽子', 'зеленськии']);
    expect(folded('船は２０台の自転車')).toEqual(['船', 'は', '20', '台', 'の', '自転車']);
  });

  it('distinguishes acronyms from shouted words', () => {
    expect(wordsOf('NATO met the US').map((word) => word.acronym)).toEqual([
      true,
      false,
      false,
      true,
    ]);
    const shouted = wordsOf('WHERE DID SHE GO IN 2024');
    expect(shouted.some((word) => word.acronym || word.capitalised)).toBe(false);
    expect(wordsOf('in the u.s. too').map((word) => word.acronym)).toEqual([
      false,
      false,
      true,
      false,
    ]);
  });

  it('reads long and hostile texts in a moment', () => {
    const hostile = [
      'a'.repeat(1e5),
      '1,'.repeat(5e4),
      'a.'.repeat(5e4),
      "a'".repeat(5e4),
      'a-1'.repeat(3e4),
    ];
    const before = process.cpuUsage();
    for (const text of hostile) wordsOf(text);
    expect(process.cpuUsage(before).user / 1000).toBeLessThan(2000);
  });
});

/** Optimal string alignment by the textbook's recursion, without a limit. */
function distance(a: string, b: string): number {
  const row = (i: number): number[] => table[i] ?? [];
  const table: number[][] = [];
  for (let i = 0; i <= a.length; i++) {
    table.push([]);
    for (let j = 0; j <= b.length; j++) {
      const options =
        i === 0
          ? [j]
          : j === 0
            ? [i]
            : [
                (row(i - 1)[j] ?? 0) + 1,
                (row(i)[j - 1] ?? 0) + 1,
                (row(i - 1)[j - 1] ?? 0) + Number(a[i - 1] !== b[j - 1]),
              ];
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) {
        options.push((row(i - 2)[j - 2] ?? 0) + 1);
      }
      row(i).push(Math.min(...options));
    }
  }
  return row(a.length)[b.length] ?? 0;
}

describe('stem', () => {
  it.each([
    ['blew', 'blown', 'blow', 'blowing'],
    ['spoke', 'spoken', 'speaks', 'speaking'],
    ['women', 'woman'],
    ['visited', 'visits', 'visit'],
  ])('is one for %s and %s', (...forms) => {
    expect(new Set(forms.map(stem)).size).toBe(1);
  });

  it.each([
    ['found', 'find'],
    ['left', 'leave'],
    ['news', 'new'],
  ])('is not one for %s and %s', (one, other) => {
    expect(stem(one)).not.toBe(stem(other));
  });
});

describe('boundedDistance', () => {
  it('is the distance up to the limit, and more than the limit beyond', () => {
    const word = fc.string({ unit: fc.constantFrom('a', 'b', 'c'), maxLength: 8 });
    fc.assert(
      fc.property(word, word, fc.nat(4), (a, b, limit) => {
        const exact = distance(a, b);
        const found = boundedDistance(a, b, limit);
        return exact <= limit ? found === exact : found > limit;
      }),
      { numRuns: 3000 },
    );
  });

  it('counts a swap of neighbours as one slip', () => {
    expect(boundedDistance('kviy', 'kyiv', 2)).toBe(2);
    expect(boundedDistance('kiyv', 'kyiv', 1)).toBe(1);
  });
});

describe('relatedWords', () => {
  let words: string[];
  beforeAll(async () => {
    const { corpus } = await readCorpus('corpus');
    const folded = corpus.documents.flatMap(({ text }) => wordsOf(text).map((word) => word.folded));
    words = [...new Set(folded)];
  });

  it('are words with a similarity above 0 and up to 1, the most similar first, each once', () => {
    let related = 0;
    const isSound = (word: string): boolean => {
      const found = relatedWords(word);
      related += found.length;
      const others = new Set(found.map((other) => other.word));
      return (
        others.size === found.length &&
        !others.has(word) &&
        [...others].every((other) => /^[^\s:]+$/.test(other)) &&
        found.every(
          ({ similarity }, at) =>
            similarity > 0 && similarity <= 1 && similarity <= (found[at - 1]?.similarity ?? 1),
        )
      );
    };
    expect(words.filter((word) => !isSound(word))).toEqual([]);
    // Half of the corpus's words are common ones, and those have several each.
    expect(related).toBeGreaterThan(words.length);
  });

  it.each([
    ['lunch', 'meal'],
    ['money', 'cash'],
    ['begin', 'start'],
  ])('of "%s" include "%s"', (word, other) => {
    expect(relatedWords(word).map((each) => each.word)).toContain(other);
  });

  it.each(['', 'qwertzu', 'Lunch', 'constructor ', '__proto__', '日本'])(
    'of %j are none',
    (word) => {
      expect(relatedWords(word)).toEqual([]);
    },
  );
});

describe('languageOf', () => {
  it('is Japanese for Japanese, also between Latin names, and English for all others', () => {
    const japanese = [
      '何か国を訪問しましたか。',
      '訪問国一覧',
      'Silva と Okafor の後は？',
      'Silva 会談 時間',
      'US 会談',
    ];
    expect(japanese.map(languageOf)).toEqual(japanese.map(() => 'ja'));
    const others = ['Who is 山田花子?', 'Who met オカフォー?', 'Сколько стран?', '12:30?', ''];
    expect(others.map(languageOf)).toEqual(others.map(() => 'en'));
  });
});

describe('isOtherLanguage', () => {
  it.each([
    'bugün ne yemek yapsam',
    'kiedy spotkała się z prezydentem',
    'combien de pays est-ce que le ministre',
    'Когда она приехала',
  ])('is so of “%s”', (question) => {
    expect(isOtherLanguage(question)).toBe(true);
  });

  it.each([
    'wen did she meet Zelenskyy',
    'Duda Sikorski Nowacka Kuleba',
    'ハーグで誰に会いましたか',
    'what is 成人の日',
  ])('is not so of “%s”', (question) => {
    expect(isOtherLanguage(question)).toBe(false);
  });
});

describe('isEnglishWord', () => {
  it('knows common words and no slips', () => {
    for (const word of ['lunch', 'urban', 'friendship', 'promised']) {
      expect([word, isEnglishWord(word)]).toEqual([word, true]);
    }
    for (const word of ['conferense', 'secruity', '', '日本']) {
      expect([word, isEnglishWord(word)]).toEqual([word, false]);
    }
  });
});

describe('skeletonOf', () => {
  it('is the same for names that sound alike', () => {
    expect(skeletonOf('Sikorsky')).toBe(skeletonOf('Sikorski'));
    expect(skeletonOf('Khan')).toBe(skeletonOf('Kahn'));
    expect(skeletonOf('Macron')).not.toBe(skeletonOf('Merkel'));
  });
});

import fc from 'fast-check';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import {
  coreQuestion,
  type Query,
  type QueryTerm,
  type QueryTools,
  readQuestion,
  type SpellingCorrector,
} from '../../src/search/query.ts';
import { openRealSnapshot } from '../support/real-index.ts';

let tools: QueryTools;
beforeAll(async () => {
  tools = (await openRealSnapshot()).index;
});

const read = (text: string): Query => readQuestion(text, tools);

function term(query: Query, typed: string): QueryTerm {
  const found = query.terms.find((each) => each.typed === typed);
  if (found === undefined) throw new Error(`No term of ${JSON.stringify(typed)}`);
  return found;
}

describe('readQuestion', () => {
  it('mends what the corpus spells otherwise, and says so', () => {
    const query = read('how long did Blinkin talk to kamikava?');
    expect(term(query, 'Blinkin')).toMatchObject({
      term: 'blinken',
      corrected: 'blinken',
      name: true,
    });
    expect(query.correctedText).toBe('how long did blinken talk to kamikawa?');
    expect(query.text).toBe('how long did Blinkin talk to kamikava?');
    expect(query.kind).toBe('duration');
  });

  it.each([
    ['What was said abuot drones?', 'What was said about drones?'],
    ['Waht did teh mayor pay?', 'what did the mayor pay?'],
  ])('puts the letters of a small word in order: “%s”', (typed, expected) => {
    const { correctedText, terms } = read(typed);
    expect(correctedText).toBe(expected);
    expect(terms.filter(({ term }) => /^(?:abuot|waht|teh)$/.test(term))).toEqual([]);
  });

  it('mends a misspelt country into the country', () => {
    expect(read('when was she in Ukrane').terms[0]).toMatchObject({
      term: '=ua',
      corrected: 'ukraine',
    });
  });

  it('mends ten words at most, which a question of unknown words has more of', () => {
    const misspelt = Array.from(
      { length: 40 },
      (_, i) => `Zx${String.fromCharCode(97 + (i % 26))}qwv`,
    );
    const correct = vi.spyOn(tools.spelling, 'correct');
    read([...misspelt, 'Blinkin'].join(' '));
    expect(correct).toHaveBeenCalledTimes(10);
    correct.mockRestore();
    expect(read([...misspelt.slice(0, 9), 'Blinkin'].join(' ')).correctedText).toMatch(/blinken$/);
  });

  it('knows a name by its capital, by the corpus, and as a country', () => {
    const query = read('did blinken meet Lavrov in poland');
    expect(query.terms.filter(({ name }) => name).map(({ typed }) => typed)).toEqual([
      'blinken',
      'Lavrov',
      'poland',
    ]);
    expect(term(query, 'Lavrov')).toMatchObject({ termId: null, corrected: null });
  });

  it('takes no word for a name because every word has a capital', () => {
    for (const text of ['WHERE DID THEY EAT 3 TIMES', 'Where Did They Eat Breakfast']) {
      expect(read(text).terms.filter(({ name }) => name)).toEqual([]);
    }
  });

  it('lists each term once', () => {
    const all = read('Kyiv, Kiev, kyiv and Ukraine, Ukrainians').terms.map((each) => each.term);
    expect(all).toEqual([...new Set(all)]);
  });

  it('reads nothing out of nothing', () => {
    for (const text of ['', '   ', '???', '🙂🙂', 'what is it?']) {
      const { terms, correctedText } = read(text);
      expect(terms).toEqual([]);
      expect(correctedText).toBe(text.replaceAll('🙂', '').trim());
    }
  });

  it('gives a word the related words that the corpus has, the most similar first', () => {
    const lunch = term(read('when was the dispute?'), 'dispute');
    const related = lunch.related.map(({ termId }) => termId);
    expect(related.length).toBeGreaterThan(0);
    expect(related).not.toContain(null);
    expect(related).not.toContain(lunch.termId);
    expect(related).toEqual([...new Set(related)]);
    const similarities = lunch.related.map(({ similarity }) => similarity);
    expect(similarities).toEqual([...similarities].sort((a, b) => b - a));
  });

  it('gives none to names, countries, light verbs and pairs of words', () => {
    const query = read('Did Blinken take soldiers to Poland after the prime minister left?');
    const without = query.terms.filter(
      ({ name, light, term: text }) => name || light || text.startsWith('=') || text.includes('+'),
    );
    expect(without.length).toBeGreaterThan(3);
    for (const { related } of without) expect(related).toEqual([]);
  });

  it('holds for any text: typed words lie in it, weights and frequencies are positive', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 100 }), (text) => {
        for (const { typed, weight, idf, related } of read(text).terms) {
          expect(text).toContain(typed);
          expect(weight).toBeGreaterThan(0);
          expect(idf).toBeGreaterThan(0);
          expect(related.length).toBeLessThanOrEqual(5);
          for (const { similarity } of related) {
            expect(similarity).toBeGreaterThan(0);
            expect(similarity).toBeLessThanOrEqual(1);
          }
        }
      }),
    );
  });
});

describe('a question in another script', () => {
  it.each([
    '上川大臣はいつキーウに着きましたか？',
    '岸田',
    'ブリンケン',
    'Кто встретил её в Киеве?',
  ])('%j is foreign, and none of its words counts as unmatched', (text) => {
    const query = read(text);
    expect(query).toMatchObject({ foreign: true, correctedText: text });
    expect(query.terms.filter(({ termId }) => termId === null)).toEqual([]);
  });

  it.each(['When did she arrive?', 'qwertz', 'São Tomé?', '', '???', '🙂', '2024'])(
    '%j is not',
    (text) => {
      expect(read(text).foreign).toBe(false);
    },
  );

  it.each(['外相 Blinken との会談', 'Blinkenとの会談', 'ブリンケンとの会談'])(
    '%j is read by the name in it, whatever its script',
    (text) => {
      expect(read(text).terms.map(({ term: name }) => name)).toContain('blinken');
    },
  );

  it('has no unmatched word when it is foreign, and is never so in Latin letters, whatever the text', () => {
    const anyText = fc.array(
      fc.oneof(
        fc.constantFrom('会談', 'Киев', 'Kyiv', 'drones', '37', 'は', '?'),
        fc.string({ unit: 'grapheme', maxLength: 8 }),
      ),
      { maxLength: 6 },
    );
    fc.assert(
      fc.property(anyText, (parts) => {
        const { foreign, terms } = read(parts.join(' '));
        if (foreign) expect(terms.filter(({ termId }) => termId === null)).toEqual([]);
        if (!/[^\p{Script=Latin}]/u.test(parts.join(''))) expect(foreign).toBe(false);
      }),
    );
  });
});

/** The question proper, and what is left of the whole text. */
function split(text: string): { core: string; rest: string } {
  const { cleaned, start, end } = coreQuestion(text);
  const squeezed = (part: string): string => part.replace(/\s+/g, ' ').trim();
  return { core: squeezed(cleaned.slice(start, end)), rest: squeezed(cleaned) };
}

describe('coreQuestion', () => {
  it.each([
    ['Who met her in Kyiv?', 'Who met her in Kyiv?'],
    ['Hello everyone, who met her in Kyiv? Thanks a lot!', 'who met her in Kyiv?'],
    ['I was reading the news today. Who met her in Kyiv?', 'Who met her in Kyiv?'],
    ['Hello there, my friend! Who met her in Kyiv?', 'Who met her in Kyiv?'],
    ['Who, if anything, met her? https://example.org/a?b=1', 'Who, met her?'],
    ['Could you please tell me who met her in Kyiv?', 'who met her in Kyiv?'],
    ['Do you happen to know who met her in Kyiv?', 'who met her in Kyiv?'],
    ['Tell me more about the lunch in Kyiv', 'the lunch in Kyiv'],
    ['tell us who met her in Kyiv', 'who met her in Kyiv'],
    ['tell me a joke', 'tell me a joke'],
    ['Quick question: who met her in Kyiv?', 'who met her in Kyiv?'],
    ['Any idea who met her in Kyiv', 'who met her in Kyiv'],
    ['Any idea if she met Kuleba in Kyiv?', 'she met Kuleba in Kyiv?'],
    ['Who met her in Kyiv? Any pointers would be appreciated', 'Who met her in Kyiv?'],
    ['sorry if this was asked before, who met her in Kyiv', 'who met her in Kyiv'],
  ])('%j asks %j', (text, core) => {
    expect(split(text).core).toBe(core);
  });

  it.each([
    'How long did the meeting with Mr. Blinken last?',
    'did dr. Smith come?',
    'How much U.S. aid did J. Smith promise?',
    'Was resolution no. 2722 about ships?',
    'Did the train at 7 p.m. leave on time?',
  ])('takes no abbreviation in %j for the end of a sentence', (text) => {
    expect(split(text).core).toBe(text);
  });

  it.each(['They met. ', 'It rained! ', 'My question: ', 'Snow; ', 'A line\n', 'Mr. X left. '])(
    'begins after %j',
    (before) => {
      expect(split(`${before}Who met her?`).core).toBe('Who met her?');
    },
  );

  it('without a question mark takes the whole text for the question', () => {
    expect(coreQuestion('kyiv arrival. train')).toEqual({
      cleaned: 'kyiv arrival. train',
      start: 0,
      end: 19,
    });
  });

  it('leaves words alone that only begin like a greeting', () => {
    for (const text of ['history of the high court', 'what did the Dearborn plant make']) {
      expect(split(text).rest).toBe(text);
    }
  });

  it('blanks fillers out without moving a letter, and names a part of the text', () => {
    const filler = fc.constantFrom(
      ...['hi all,', 'sorry', 'I was wondering if', 'please', 'thanks', '?', '.', 'who met Kuleba'],
    );
    const typed = fc.oneof(
      fc.string({ unit: 'grapheme', maxLength: 60 }),
      fc.array(fc.oneof(filler, fc.string({ maxLength: 4 }))).map((parts) => parts.join(' ')),
    );
    fc.assert(
      fc.property(typed, (text) => {
        const { cleaned, start, end } = coreQuestion(text);
        expect(cleaned).toHaveLength(text.length);
        for (let at = 0; at < text.length; at++) {
          if (cleaned[at] !== text[at]) expect(cleaned[at]).toBe(' ');
        }
        expect(start).toBeGreaterThanOrEqual(0);
        expect(start).toBeLessThanOrEqual(end);
        expect(end).toBeLessThanOrEqual(text.length);
      }),
    );
  });

  it('takes no time over the longest of ramblings', () => {
    const rambling = 'sorry, but and could you please tell me if I was just reading '.repeat(1000);
    expect(coreQuestion(rambling).cleaned).toHaveLength(rambling.length);
  });
});

describe('SpellingCorrector', () => {
  let spelling: SpellingCorrector;
  let isInCorpus: (word: string) => boolean;
  beforeAll(async () => {
    const tools = (await openRealSnapshot()).index;
    spelling = tools.spelling;
    const words = new Set(tools.lexical.wordUses.map(({ word }) => word));
    isInCorpus = (word) => words.has(word);
  });

  it.each([
    ['blinkin', 'blinken'],
    ['kamikava', 'kamikawa'],
    ['kulebba', 'kuleba'],
    ['erdowan', 'erdogan'],
    ['raimundo', 'raimondo'],
    ['sullivn', 'sullivan'],
    ['montral', 'montreal'],
    ['stokholm', 'stockholm'],
    ['valtonnen', 'valtonen'],
    ['donaghue', 'donoghue'],
    ['kishda', 'kishida'],
    ['hauge', 'hague'],
    ['warsw', 'warsaw'],
    ['ukrane', 'ukraine'],
    ['sweeden', 'sweden'],
    ['turky', 'turkey'],
    ['canda', 'canada'],
    ['flowrs', 'flowers'],
    ['secruity', 'security'],
    ['conferense', 'conference'],
  ])('corrects %j to %j', (slip, meant) => {
    expect(spelling.correct(slip)?.word).toBe(meant);
  });

  it.each(
    `urban school micron melon julia joke sofa tulip lunch pasta yolk recipe winter orchid
    merkel medvedev shoigu orban kallas kono suga javascript minecraft lasagna tiramisu`.split(
      /\s+/,
    ),
  )('leaves %j unchanged', (word) => {
    if (isInCorpus(word)) return;
    expect(spelling.correct(word)).toBeNull();
  });

  it('corrects no short word and nothing with a figure', () => {
    for (const word of ['kyi', 'xi', 'f17', 'kyiv2']) expect(spelling.correct(word)).toBeNull();
  });
});

describe('names in the corpus', () => {
  it('are known by their capitals inside sentences', async () => {
    const { lexical } = (await openRealSnapshot()).index;
    const isName = (term: string): boolean => lexical.isName(lexical.termId(term) ?? -1);
    for (const name of ['kamikawa', 'kishida', 'kuleba', 'sikorski', 'blinken', 'kyiv', 'nato']) {
      expect([name, isName(name)]).toEqual([name, true]);
    }
    for (const word of ['minist', 'peac', 'secur', 'talk', 'visit']) {
      expect([word, isName(word)]).toEqual([word, false]);
    }
  });
});

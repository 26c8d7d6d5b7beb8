import { readFileSync, readdirSync } from 'node:fs';
import { basename, extname, join } from 'node:path';

import { describe, expect, it } from 'vitest';
import { z } from 'zod';

const gold = z.strictObject({
  document: z.string().regex(/^[a-z0-9]+(?:-[a-z0-9]+)*$/),
  pattern: z.string().min(1),
});
const KINDS = [
  'fact',
  'short',
  'long',
  'misspelt',
  'said',
  'list',
  'order',
  'place',
  'person',
] as const;
const text = z.string().min(1);
const common = {
  id: z.string().regex(/^[dhrsjunvw]\d{3,4}$/),
  question: text.max(300),
  language: z.enum(['en', 'ja']).optional(),
};
const question = z.discriminatedUnion('class', [
  z.strictObject({
    ...common,
    class: z.literal('answerable'),
    kind: z.enum(KINDS).optional(),
    gold: z.array(gold),
    meetings: z.array(text).min(1).optional(),
    value: z
      .union([text, z.number(), z.array(text).min(1), z.record(z.string(), z.unknown())])
      .optional(),
  }),
  z.strictObject({ ...common, class: z.enum(['off_topic', 'near_topic', 'false_premise']) }),
]);
type Question = z.infer<typeof question>;

const here = import.meta.dirname;
const corpusDir = join(here, '../../corpus');
const rawDir = join(here, '../fixtures/raw-pages');
const otherDir = join(here, '../fixtures/documents');
const trainingDir = join(here, '../../tools/model/questions');

function readQuestions(file: string): Question[] {
  return readFileSync(join(here, file), 'utf8')
    .trimEnd()
    .split('\n')
    .map((line, index) => {
      const result = question.safeParse(JSON.parse(line));
      if (!result.success) {
        throw new Error(`${file}:${String(index + 1)} is no question: ${result.error.message}`);
      }
      return result.data;
    });
}

/** Without front matter, footnote marks and link targets, read without any of the project's own parsers. */
function plainMarkdown(path: string): string {
  return readFileSync(path, 'utf8')
    .replace(/^---\n[^]*?\n---\n/, '')
    .replace(/\[\^[^\]]+\]/g, '')
    .replace(/\[([^\]]+)\]\([^)]*\)/g, '$1');
}

function decode(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return new TextDecoder('windows-1252').decode(bytes);
  }
}

function plainRawPage(path: string): string {
  const text = decode(readFileSync(path));
  return extname(path) === '.html' ? text.replace(/<[^>]*>/g, ' ').replaceAll('&nbsp;', ' ') : text;
}

function textsById(paths: readonly string[], read: (path: string) => string): Map<string, string> {
  return new Map(paths.map((path) => [basename(path, extname(path)), read(path)]));
}

/** Every gold entry, by question id, whose document is missing or does not hold the pattern. */
function missingGold(questions: readonly Question[], texts: ReadonlyMap<string, string>): string[] {
  return questions.flatMap((item) =>
    item.class === 'answerable'
      ? item.gold
          .filter(({ document, pattern }) => {
            const text = texts.get(document);
            return text === undefined || !new RegExp(pattern, 'i').test(text);
          })
          .map(({ document, pattern }) => `${item.id}: ${document} lacks /${pattern}/i`)
      : [],
  );
}

function documentsAskedAbout(questions: readonly Question[]): Set<string> {
  return new Set(
    questions.flatMap((item) =>
      item.class === 'answerable' ? item.gold.map(({ document }) => document) : [],
    ),
  );
}

function duplicates(values: readonly string[]): string[] {
  return values.filter((value, index) => values.indexOf(value) !== index);
}

const development = readQuestions('development.jsonl');
const heldOut = readQuestions('held-out.jsonl');
const rawPages = readQuestions('raw-pages.jsonl');
const rawDevelopment = readQuestions('development-raw-pages.jsonl');
const strangers = readQuestions('strangers.jsonl');
const newcomers = readQuestions('newcomers.jsonl');
const visitors = readQuestions('visitors.jsonl');
const others = readQuestions('documents.jsonl');
const heldOutStrangers = readQuestions('strangers-held-out.jsonl');
const heldOutNewcomers = readQuestions('newcomers-held-out.jsonl');
const heldOutVisitors = readQuestions('visitors-held-out.jsonl');
const heldOutOthers = readQuestions('documents-held-out.jsonl');
const forDevelopment = [
  ...development,
  ...rawDevelopment,
  ...strangers,
  ...newcomers,
  ...visitors,
  ...others,
];
const forReport = [
  ...heldOut,
  ...rawPages,
  ...heldOutStrangers,
  ...heldOutNewcomers,
  ...heldOutVisitors,
  ...heldOutOthers,
];

/** The questions of the `.questions` files in a folder. */
function expectedIn(folder: string): Pick<Question, 'question'>[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.questions'))
    .flatMap((name) => readFileSync(join(folder, name), 'utf8').split('\n'))
    .filter((line) => line.trim() !== '' && !/^\s*[>#]/.test(line))
    .map((line) => ({ question: line }));
}

/** What the index knows, and what the model was trained on. */
const expected = expectedIn(corpusDir);
const training = ['en', 'ja'].map((language) => expectedIn(join(trainingDir, language)));
const typed = ['typed', '../documents'].flatMap((folder) => expectedIn(join(trainingDir, folder)));
const corpusTexts = textsById(
  ['meetings', 'background'].flatMap((folder) =>
    readdirSync(join(corpusDir, folder))
      .filter((name) => name.endsWith('.md'))
      .map((name) => join(corpusDir, folder, name)),
  ),
  plainMarkdown,
);
const rawTexts = textsById(
  readdirSync(rawDir).map((name) => join(rawDir, name)),
  plainRawPage,
);

describe('evaluation questions', () => {
  it('have ids that are unique over all files and name their file', () => {
    expect(duplicates([...forDevelopment, ...forReport].map(({ id }) => id))).toEqual([]);
    const letters = (questions: readonly Question[]): string =>
      [...new Set(questions.map(({ id }) => id.charAt(0)))].sort().join('');
    expect(letters([...development, ...rawDevelopment])).toBe('d');
    expect(letters(heldOut)).toBe('h');
    expect(letters(rawPages)).toBe('r');
    // English and Japanese ones that can be answered, and those that cannot.
    expect(letters(newcomers)).toBe('n');
    expect(letters([...visitors, ...heldOutVisitors])).toBe('v');
    expect(letters(strangers)).toBe('jsu');
    expect(letters(heldOutStrangers)).toBe('jsu');
    expect(letters([...others, ...heldOutOthers])).toBe('w');
  });

  const fold = ({ question: asked }: Pick<Question, 'question'>): string =>
    asked
      .toLowerCase()
      .replace(/[^\p{L}\p{N}\p{S}?]+/gu, ' ')
      .trim();

  /** By id, because nobody is to read what is held out. */
  const askedTwice = (questions: readonly Question[]): string[] => {
    const again = new Set(duplicates(questions.map(fold)));
    return questions.filter((item) => again.has(fold(item))).map(({ id }) => id);
  };

  it('are asked once, so that nothing held out is seen in development', () => {
    expect(askedTwice([...development, ...heldOut])).toEqual([]);
    expect(askedTwice([...strangers, ...heldOutStrangers])).toEqual([]);
    expect(askedTwice([...rawDevelopment, ...rawPages])).toEqual([]);
    expect(askedTwice([...newcomers, ...strangers, ...visitors])).toEqual([]);
    const inDevelopment = new Set(
      [...development, ...strangers, ...newcomers, ...visitors].map(fold),
    );
    // Raw pages are another corpus, about which one may ask the same.
    const seen = forReport.filter(
      (item) => !rawPages.includes(item) && inDevelopment.has(fold(item)),
    );
    expect(seen.map(({ id }) => id)).toEqual([]);
  });

  it('that are held out are none of those that the index expects or the model was trained on', () => {
    const [english = [], inJapanese = []] = training;
    expect(english.length).toBeGreaterThan(5000);
    expect(inJapanese.length).toBeGreaterThan(300);
    expect(expected.length).toBeGreaterThan(0);
    expect(typed.length).toBeGreaterThan(5000);
    const known = new Set([...expected, ...english, ...inJapanese, ...typed].map(fold));
    const seen = forReport.filter((item) => known.has(fold(item)));
    expect(seen.map(({ id }) => id)).toEqual([]);
  });

  it.each([
    ['development', development],
    ['held-out', heldOut],
  ])('come in every class in the %s file', (_name, questions) => {
    const count = (kind: Question['class']): number =>
      questions.filter((item) => item.class === kind).length;
    expect(count('answerable')).toBeGreaterThanOrEqual(130);
    expect(count('off_topic')).toBeGreaterThanOrEqual(30);
    expect(count('near_topic')).toBeGreaterThanOrEqual(30);
  });

  it.each([
    ['strangers', strangers],
    ['strangers-held-out', heldOutStrangers],
  ])('come in every class, kind and language in the %s file', (_name, questions) => {
    const count = (isSo: (item: Question) => boolean): number => questions.filter(isSo).length;
    expect(count((item) => item.class === 'answerable')).toBeGreaterThanOrEqual(130);
    for (const name of ['off_topic', 'near_topic', 'false_premise'] as const) {
      expect(count((item) => item.class === name)).toBeGreaterThanOrEqual(14);
    }
    expect(count(({ language }) => language === 'ja')).toBeGreaterThanOrEqual(30);
    for (const kind of KINDS) {
      expect(
        count((item) => item.class === 'answerable' && item.kind === kind),
      ).toBeGreaterThanOrEqual(5);
    }
    for (const item of questions) {
      const isJapanese = /\p{Script=Hiragana}|\p{Script=Katakana}|\p{Script=Han}/u.test(
        item.question,
      );
      expect([item.id, isJapanese]).toEqual([item.id, item.language === 'ja']);
      expect([item.id, item.class === 'answerable']).toEqual([item.id, !item.id.startsWith('u')]);
    }
  });

  it.each([
    ['development', development],
    ['held-out', heldOut],
    ['strangers', strangers],
    ['newcomers', newcomers],
    ['visitors', visitors],
    ['strangers-held-out', heldOutStrangers],
    ['newcomers-held-out', heldOutNewcomers],
    ['visitors-held-out', heldOutVisitors],
  ])('have a gold answer that the corpus holds in the %s file', (_name, questions) => {
    expect(missingGold(questions, corpusTexts)).toEqual([]);
  });

  it('have a gold answer, or meetings that are the answer, when they can be answered', () => {
    const meetings = new Set(
      readdirSync(join(corpusDir, 'meetings')).map((name) => basename(name, extname(name))),
    );
    for (const item of [...forDevelopment, ...forReport]) {
      if (item.class !== 'answerable') continue;
      const { id, gold: entries, meetings: named = [] } = item;
      expect([id, entries.length + named.length > 0]).toEqual([id, true]);
      for (const meeting of named)
        expect([id, meeting, meetings.has(meeting)]).toEqual([id, meeting, true]);
    }
  });

  it('ask about every document of the corpus', () => {
    const asked = documentsAskedAbout([...development, ...heldOut]);
    expect([...corpusTexts.keys()].filter((id) => !asked.has(id))).toEqual([]);
  });

  it('have a gold answer that the raw page holds', () => {
    expect(missingGold([...rawDevelopment, ...rawPages], rawTexts)).toEqual([]);
    expect(documentsAskedAbout(rawPages)).toEqual(new Set(rawTexts.keys()));
  });

  it('have a gold answer that the document on another subject holds', () => {
    const paths = readdirSync(otherDir, { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.md'))
      .map((name) => join(otherDir, name));
    const plain = (path: string): string => plainMarkdown(path).replaceAll('*', '');
    expect(missingGold([...others, ...heldOutOthers], textsById(paths, plain))).toEqual([]);
  });

  it('find nothing when the gold text is taken away, so that the checks above can fail', () => {
    const answerable = development.filter((item) => item.class === 'answerable').slice(0, 5);
    expect(missingGold(answerable, new Map()).length).toBeGreaterThanOrEqual(5);
  });
});

describe('raw pages', () => {
  const bytes = (name: string): Buffer => readFileSync(join(rawDir, name));

  it('keep the byte-level traits they stand for', () => {
    expect(bytes('surprise-visit-kyiv.txt').subarray(0, 3)).toEqual(
      Buffer.from([0xef, 0xbb, 0xbf]),
    );
    const schedule = bytes('tour-plan.txt').toString('utf8');
    expect(schedule.replaceAll('\r\n', '')).not.toContain('\n');
    expect(schedule).toContain('\r\n');
    const utf8 = new TextDecoder('utf-8', { fatal: true });
    expect(() => utf8.decode(bytes('washington-press-conference.txt'))).toThrow(TypeError);
    expect(plainRawPage(join(rawDir, 'washington-press-conference.txt'))).toContain('\u00a0');
    const column = bytes('dauntless-column.md').toString('utf8').split('\n');
    expect(column.filter((line) => line.length > 60 && line.length <= 80).length).toBeGreaterThan(
      20,
    );
  });

  it('have no front matter', () => {
    for (const [id, text] of rawTexts) {
      expect(text.trimStart().startsWith('---'), id).toBe(false);
    }
  });
});

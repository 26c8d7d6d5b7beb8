import { readFileSync, readdirSync } from 'node:fs';
import { basename, extname, join } from 'node:path';

import { describe, expect, it } from 'vitest';
import { z } from 'zod';

const gold = z.strictObject({
  document: z.string().regex(/^[a-z0-9]+(?:-[a-z0-9]+)*$/),
  pattern: z.string().min(1),
});
const common = {
  id: z.string().regex(/^[dhr]\d{3}$/),
  question: z.string().min(1).max(300),
};
const question = z.discriminatedUnion('class', [
  z.strictObject({ ...common, class: z.literal('answerable'), gold: z.array(gold).min(1) }),
  z.strictObject({ ...common, class: z.enum(['off_topic', 'near_topic']) }),
]);
type Question = z.infer<typeof question>;

const here = import.meta.dirname;
const corpusDir = join(here, '../../corpus');
const rawDir = join(here, '../fixtures/raw-pages');

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
/** The questions that the corpus's keeper expects: the index and the model know them. */
const expected = readdirSync(corpusDir, { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.questions'))
  .flatMap((name) => readFileSync(join(corpusDir, name), 'utf8').split('\n'))
  .filter((line) => line.trim() !== '' && !line.startsWith('>'))
  .map((line) => ({ question: line }));
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
    const all = [...development, ...rawDevelopment, ...heldOut, ...rawPages];
    expect(duplicates(all.map(({ id }) => id))).toEqual([]);
    expect([...development, ...rawDevelopment].every(({ id }) => id.startsWith('d'))).toBe(true);
    expect(heldOut.every(({ id }) => id.startsWith('h'))).toBe(true);
    expect(rawPages.every(({ id }) => id.startsWith('r'))).toBe(true);
  });

  it('are asked once, so that nothing held out is seen in development', () => {
    const fold = ({ question: text }: Pick<Question, 'question'>): string =>
      text
        .toLowerCase()
        .replace(/[^\p{L}\p{N}\p{S}?]+/gu, ' ')
        .trim();
    expect(duplicates([...development, ...heldOut].map(fold))).toEqual([]);
    expect(duplicates([...rawDevelopment, ...rawPages].map(fold))).toEqual([]);
    const heldBack = new Set([...heldOut, ...rawPages].map(fold));
    expect(expected.map(fold).filter((text) => heldBack.has(text))).toEqual([]);
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
    ['development', development],
    ['held-out', heldOut],
  ])('have a gold answer that the corpus holds in the %s file', (_name, questions) => {
    expect(missingGold(questions, corpusTexts)).toEqual([]);
  });

  it('ask about every document of the corpus', () => {
    const asked = documentsAskedAbout([...development, ...heldOut]);
    expect([...corpusTexts.keys()].filter((id) => !asked.has(id))).toEqual([]);
  });

  it('have a gold answer that the raw page holds', () => {
    expect(missingGold([...rawDevelopment, ...rawPages], rawTexts)).toEqual([]);
    expect(documentsAskedAbout(rawPages)).toEqual(new Set(rawTexts.keys()));
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

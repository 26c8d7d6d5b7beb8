import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import type { Answer, Excerpt } from '../../src/answer/types.ts';
import { linesOf, type Passage, type Span } from '../../src/corpus/types.ts';
import type { RealSnapshot } from '../support/real-index.ts';

/** What every answer keeps to, whatever was asked. */
export function expectSound(
  answer: Answer,
  { generation }: RealSnapshot,
  { k, meeting }: { readonly k: number; readonly meeting?: string },
): void {
  const { verdict, reason, doubt, confidence, excerpts } = answer;
  expect(confidence).toBeGreaterThanOrEqual(0);
  expect(confidence).toBeLessThanOrEqual(1);
  expect(reason === null).toBe(verdict === 'answered');
  expect(doubt === null).toBe(verdict === 'answered');
  // No half of a character, as careless cutting leaves.
  expect(reason ?? '').not.toMatch(/\p{Surrogate}/u);
  if (verdict === 'not_found') expect(excerpts).toEqual([]);
  else expect(excerpts.length).toBeGreaterThan(0);
  expect(excerpts.length).toBeLessThanOrEqual(k);
  expect(excerpts.map(({ rank }) => rank)).toEqual(excerpts.map((_, at) => at + 1));
  expect(answer.generation).toBe(generation.id);

  const shown: { readonly documentId: string; readonly span: Span }[] = [];
  for (const excerpt of excerpts) {
    const span = spanOf(excerpt, generation);
    const documentId = excerpt.document.id;
    for (const other of shown) {
      const apart = other.span.end <= span.start || span.end <= other.span.start;
      expect(other.documentId !== documentId || apart).toBe(true);
    }
    shown.push({ documentId, span });
    expectWholePassages(excerpt, span, generation, meeting);
    expect(Number.isFinite(excerpt.score)).toBe(true);
    expect(excerpt.alsoReportedBy).not.toContain(documentId);
    expect(excerpt.alsoReportedBy).toEqual([...new Set(excerpt.alsoReportedBy)]);
    for (const id of excerpt.alsoReportedBy) expect(generation.documents.has(id)).toBe(true);
    const sources = excerpt.sources.map(({ id }) => id);
    expect(sources).toEqual([...new Set(sources)]);
    for (const source of excerpt.sources) {
      expect(generation.sources.get(source.id)).toMatchObject(source);
    }
    const known = generation.meetings.get(excerpt.meeting?.id ?? '');
    expect(known?.title ?? null).toBe(excerpt.meeting?.title ?? null);
  }
}

/** Where in its document's text an excerpt stands: there, its lines are those cited. */
function spanOf({ text, document }: Excerpt, { documents }: RealSnapshot['generation']): Span {
  const found = documents.get(document.id);
  if (found === undefined) throw new Error(`No document ${document.id}`);
  expect(document).toMatchObject({ id: found.id, title: found.title, path: found.path });
  for (let start = found.text.indexOf(text); start >= 0;) {
    const span = { start, end: start + text.length };
    if (linesOf(found, span.start, span.end).join() === document.lines.join()) return span;
    start = found.text.indexOf(text, start + 1);
  }
  return expect.fail(`"${text}" is not on lines ${document.lines.join('–')} of ${document.id}`);
}

/** An excerpt is made of passages that follow each other, its highlight is one of their sentences. */
function expectWholePassages(
  { text, highlight, document }: Excerpt,
  span: Span,
  { passages }: RealSnapshot['generation'],
  meeting: string | undefined,
): void {
  const inside = passages.filter(
    ({ documentId, start, end }) =>
      documentId === document.id && start >= span.start && end <= span.end,
  );
  expect(inside[0]?.start).toBe(span.start);
  expect(inside[inside.length - 1]?.end).toBe(span.end);
  expect(new Set(inside.map(({ headings }) => headings.join('\n'))).size).toBe(1);
  if (meeting !== undefined) {
    for (const passage of inside) expect(passage.meetings).toContain(meeting);
  }
  if (highlight === null) return;
  const [start, end] = highlight;
  expect(inside.flatMap((passage) => sentencesOf(passage))).toContain(
    `${span.start + start}-${span.start + end}`,
  );
  expect(text.slice(start, end).length).toBe(end - start);
}

function sentencesOf({ start, sentences }: Passage): string[] {
  return sentences.map((sentence) => `${start + sentence.start}-${start + sentence.end}`);
}

/** The letters and digits of the excerpt stand in the file, in order, from the first line cited to the last. */
export function expectInFile({ text, document }: Excerpt, corpusFolder: string): void {
  const [first, last] = document.lines;
  const lines = linesOfFile(join(corpusFolder, document.path)).slice(first - 1, last);
  const file = lines.join('\n');
  let from = 0;
  for (const [character] of text.matchAll(/[A-Za-z0-9]/g)) {
    const at = file.indexOf(character, from);
    if (at === -1) expect.fail(`"${text}" is not on lines ${first} to ${last}: ${file}`);
    from = at + 1;
  }
  const ends = (line: string | undefined): boolean => /[A-Za-z0-9]/.test(line ?? '');
  expect(ends(lines[0]) && ends(lines[lines.length - 1])).toBe(true);
}

const files = new Map<string, readonly string[]>();

/** Only plain letters and digits are looked at, which all encodings write alike. */
function linesOfFile(path: string): readonly string[] {
  const lines = files.get(path) ?? readFileSync(path, 'latin1').split(/\r\n|\n|\r/);
  files.set(path, lines);
  return lines;
}

import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { DragomanError, messageOf } from '../../src/errors.ts';

export const QUESTION_CLASSES = ['answerable', 'off_topic', 'near_topic', 'false_premise'] as const;

const questionSchema = z.object({
  id: z.string(),
  question: z.string(),
  class: z.enum(QUESTION_CLASSES),
  /** What is asked: fact, short, misspelt, said, list, order, place, person … */
  kind: z.string().optional(),
  language: z.string().default('en'),
  /** What the itinerary answers: ids of meetings, and a number or names. */
  meetings: z.array(z.string()).optional(),
  value: z.unknown().optional(),
  gold: z.array(z.object({ document: z.string(), pattern: z.string() })).default([]),
});

/** A question with what counts as its answer: an excerpt of the document that matches the pattern. */
export type EvaluationQuestion = z.infer<typeof questionSchema>;

/** Reads a file of one JSON object a line. @throws DragomanError USAGE naming the line that is wrong */
export async function readQuestions(path: string): Promise<EvaluationQuestion[]> {
  const lines = (await readFile(path, 'utf8')).split('\n');
  return lines.flatMap((line, at) => {
    if (line.trim() === '') return [];
    const parsed = questionSchema.safeParse(parseLine(line, `${path}:${at + 1}`));
    if (!parsed.success) {
      throw new DragomanError('USAGE', `${path}:${at + 1}: ${z.prettifyError(parsed.error)}`);
    }
    return [parsed.data];
  });
}

/** One line of JSON. @throws DragomanError USAGE naming the place */
export function parseLine(line: string, place: string): unknown {
  try {
    return JSON.parse(line);
  } catch (cause) {
    throw new DragomanError('USAGE', `${place}: ${messageOf(cause)}`, { cause });
  }
}

/** A text in the place of an excerpt. */
export interface Shown {
  readonly documentId: string;
  readonly text: string;
}

/** Whether a text is one of the question's answers. */
export function isAnswer({ gold }: EvaluationQuestion, { documentId, text }: Shown): boolean {
  return gold.some(
    ({ document, pattern }) => document === documentId && new RegExp(pattern, 'iu').test(text),
  );
}

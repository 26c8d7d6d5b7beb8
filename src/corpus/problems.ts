import { DragomanError } from '../errors.ts';
import type { Problem } from './types.ts';

/** A problem with one file; line and column are null where unknown. */
export function problem(
  path: string,
  message: string,
  place: { readonly line?: number | null; readonly column?: number | null } = {},
): Problem {
  return { path, line: place.line ?? null, column: place.column ?? null, message };
}

/** One line for a terminal: `path:line:column: message`. */
export function describeProblem({ path, line, column, message }: Problem): string {
  const place = [path, line, column].filter((part) => part !== null).join(':');
  return `${place}: ${message}`;
}

/** Orders problems by path, line and column. */
export function byPlace(a: Problem, b: Problem): number {
  if (a.path !== b.path) return a.path < b.path ? -1 : 1;
  return (a.line ?? 0) - (b.line ?? 0) || (a.column ?? 0) - (b.column ?? 0);
}

/** All problems of a corpus in one error. */
export class CorpusProblems extends DragomanError {
  readonly problems: readonly Problem[];

  constructor(corpusFolder: string, problems: readonly Problem[]) {
    const count = problems.length === 1 ? '1 problem' : `${problems.length} problems`;
    const lines = problems.map((found) => `  ${describeProblem(found)}`);
    super('CORPUS', [`${count} in ${corpusFolder}:`, ...lines].join('\n'), {
      hint: 'Correct the files, or remove them from the corpus.',
    });
    this.problems = problems;
  }
}

import type { Problem } from './types.ts';

/** Something wrong with one file, with the place in it where that is known. */
export function problem(
  path: string,
  message: string,
  at: { line?: number | null; column?: number | null } = {},
): Problem {
  return { path, line: at.line ?? null, column: at.column ?? null, message };
}

/** One line for a terminal: `path:line:column: message`. */
export function describeProblem({ path, line, column, message }: Problem): string {
  const place = [path, line, column].filter((part) => part !== null).join(':');
  return `${place}: ${message}`;
}

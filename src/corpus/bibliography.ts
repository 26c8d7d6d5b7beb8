import { isMap, isSeq, LineCounter, parseDocument } from 'yaml';
import { z } from 'zod';
import { problem } from './problems.ts';
import type { Problem, Source } from './types.ts';

const text = z.string().trim().min(1);

const source = z.looseObject({
  id: z.string().regex(/^[^\s\]]+$/, 'expected an id without spaces, such as mofa-us-fm'),
  title: text,
  publisher: text,
  published: z
    .string()
    .regex(/^\d{4}-\d{2}-\d{2}$/, 'expected a date such as 2024-01-12, or null')
    .nullable()
    .default(null),
  url: z.url({ protocol: /^https?$/ }),
  kind: z.enum(['official', 'agency', 'press', 'commentary']),
  language: text.default('en'),
});

/** A source with the line of the bibliography that it stands on. */
export interface ListedSource {
  readonly source: Source;
  readonly line: number;
}

export interface Bibliography {
  readonly entries: readonly ListedSource[];
  readonly problems: readonly Problem[];
}

/** Reads `sources.yaml`: a key `sources` with a list of entries. A wrong entry is a problem and is left out. */
export function readSources(decoded: string, path: string): Bibliography {
  const lines = new LineCounter();
  const parsed = parseDocument(decoded, { lineCounter: lines, prettyErrors: false });
  const at = (offset: number): { line: number; column: number } => {
    const { line, col } = lines.linePos(offset);
    return { line, column: col };
  };
  const [error] = parsed.errors;
  if (error !== undefined) {
    return {
      entries: [],
      problems: [problem(path, `expected YAML, found: ${error.message}`, at(error.pos[0]))],
    };
  }
  const list = isMap(parsed.contents) ? parsed.contents.get('sources', true) : undefined;
  if (!isSeq(list)) {
    const message =
      'expected a key "sources" with a list of sources, found none. Start the file with "sources:".';
    return { entries: [], problems: [problem(path, message, { line: 1, column: 1 })] };
  }
  const entries: ListedSource[] = [];
  const problems: Problem[] = [];
  const seen = new Map<string, number>();
  for (const item of list.items) {
    const range: unknown =
      typeof item === 'object' && item !== null && 'range' in item ? item.range : null;
    const place = at(Array.isArray(range) ? Number(range[0]) : 0);
    const result = source.safeParse(isMap(item) ? item.toJS(parsed) : item);
    if (!result.success) {
      for (const issue of result.error.issues) {
        const key = issue.path.join('.');
        problems.push(
          problem(path, `source${key === '' ? '' : `, "${key}"`}: ${issue.message}`, place),
        );
      }
      continue;
    }
    const { id, title, publisher, published, url, kind, language } = result.data;
    const earlier = seen.get(id);
    if (earlier !== undefined) {
      problems.push(
        problem(
          path,
          `the source "${id}" is already on line ${earlier}. Remove one of the two.`,
          place,
        ),
      );
      continue;
    }
    seen.set(id, place.line);
    entries.push({
      source: { id, title, publisher, published, url, kind, language },
      line: place.line,
    });
  }
  return { entries, problems };
}

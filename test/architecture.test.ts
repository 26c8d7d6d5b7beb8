import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { describe, expect, it } from 'vitest';

/**
 * The parts of `src` in the order in which they may use each other: a part imports from itself and from parts of earlier
 * rows, never from a part of its own row or a later one. A part is a folder, or a file of `src` without its ending.
 */
const ROWS: readonly (readonly string[])[] = [
  ['errors', 'zod'],
  ['files'],
  ['language', 'embedding'],
  ['corpus'],
  ['index', 'fetch'],
  ['search'],
  ['itinerary'],
  ['answer'],
  ['dialogue'],
  ['config', 'engine'],
  ['monitor'],
  ['terminal'],
  ['journal'],
  ['database'],
  ['discord'],
];

const IMPORT = /(?:\bfrom\s+|\bimport\s*\(\s*|\bimport\s+|\bnew URL\(\s*)'(\.{1,2}\/[^']+)'/g;

interface Import {
  readonly from: string;
  /** The file, relative to the repository. */
  readonly to: string;
}

function filesOf(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.ts'))
    .map((entry) => join(entry.parentPath, entry.name));
}

function importsOf(file: string, code: string): Import[] {
  return [...code.matchAll(IMPORT)].map(([, path = '']) => ({
    from: file,
    to: normalize(join(dirname(file), path)),
  }));
}

/** "corpus" for `src/corpus/formats/pdf.ts`, "errors" for `src/errors.ts`; null outside `src`. */
function partOf(file: string): string | null {
  const [root, part = ''] = file.split('/');
  return root === 'src' ? part.replace(/\.ts$/, '') : null;
}

/** What is wrong with an import; null when nothing is. */
function violationOf({ from, to }: Import): string | null {
  const user = partOf(from) ?? '';
  const used = partOf(to);
  if (used === null) return `${from} imports ${to}, which is not in src`;
  const rowOf = (part: string): number => ROWS.findIndex((row) => row.includes(part));
  for (const [part, file] of [
    [user, from],
    [used, to],
  ] as const) {
    if (rowOf(part) === -1) return `${file} belongs to "${part}", which is missing from ROWS`;
  }
  return user === used || rowOf(used) < rowOf(user)
    ? null
    : `${from} imports ${to}, but "${user}" may not use "${used}"`;
}

/** The files of a cycle of imports, the first one again at the end; null when there is none. */
function cycleIn(imports: readonly Import[]): string[] | null {
  const used = new Map<string, string[]>();
  for (const { from, to } of imports) used.set(from, [...(used.get(from) ?? []), to]);
  const done = new Set<string>();
  const visit = (file: string, path: readonly string[]): string[] | null => {
    if (path.includes(file)) return [...path.slice(path.indexOf(file)), file];
    if (done.has(file)) return null;
    for (const next of used.get(file) ?? []) {
      const cycle = visit(next, [...path, file]);
      if (cycle !== null) return cycle;
    }
    done.add(file);
    return null;
  };
  for (const file of used.keys()) {
    const cycle = visit(file, []);
    if (cycle !== null) return cycle;
  }
  return null;
}

/** Words of the people and cities that the documents of meetings name. */
function namesOfCorpus(): string[] {
  const folder = 'corpus/meetings';
  const names = readdirSync(folder)
    .filter((name) => name.endsWith('.md'))
    .map((name) => readFileSync(join(folder, name), 'utf8').split('\n---\n', 1)[0] ?? '')
    .flatMap((frontMatter) => [...frontMatter.matchAll(/^ *(?:- name|city|ja): (\S.*)$/gm)])
    .flatMap(([, name = '']) => name.split(/[^\p{L}]+/u));
  const isName = (word: string): boolean => /^(?:\p{Lu}\p{L}{3,}|\P{ASCII}{2,})$/u.test(word);
  return [...new Set(names.filter(isName))];
}

const imports = filesOf('src').flatMap((file) => importsOf(file, readFileSync(file, 'utf8')));

describe('the imports of src', () => {
  it('go in one direction and stay inside src', () => {
    expect(imports.length).toBeGreaterThan(300);
    expect(imports.map(violationOf).filter((violation) => violation !== null)).toEqual([]);
  });

  it('make no cycle, those of types included', () => {
    expect(cycleIn(imports)).toBeNull();
  });
});

describe('the program', () => {
  it('names nobody and no place of the corpus; spellings of cities of the world are general knowledge', () => {
    const names = namesOfCorpus();
    expect(names.length).toBeGreaterThan(50);
    const anyOf = new RegExp(`(?<!\\p{L})(?:${names.join('|')})(?!\\p{L})`, 'gu');
    const found = filesOf('src')
      .filter((file) => file !== 'src/language/names.ts')
      .flatMap((file) =>
        [...readFileSync(file, 'utf8').matchAll(anyOf)].map(([name]) => `${file}: ${name}`),
      );
    expect(found).toEqual([]);
  });
});

describe('the rules', () => {
  const violation = (file: string, code: string): (string | null)[] =>
    importsOf(file, code).map(violationOf);

  it('refuse a later part, the same row, and what is outside src', () => {
    expect(violation('src/corpus/a.ts', "import { b } from '../index/b.ts';")).toEqual([
      expect.stringContaining('"corpus" may not use "index"'),
    ]);
    expect(violation('src/language/a.ts', "import type { B } from '../embedding/b.ts';")).toEqual([
      expect.stringContaining('"language" may not use "embedding"'),
    ]);
    expect(violation('src/config.ts', "const b = await import('../tools/b.ts');")).toEqual([
      expect.stringContaining('which is not in src'),
    ]);
    expect(violation('src/unknown/a.ts', "export { b } from '../errors.ts';")).toEqual([
      expect.stringContaining('missing from ROWS'),
    ]);
  });

  it('allow earlier parts and the part itself', () => {
    const code = "import { b } from '../errors.ts';\nimport { c } from './formats/c.ts';";
    expect(violation('src/corpus/a.ts', code)).toEqual([null, null]);
  });

  it('find a cycle of any length', () => {
    const chain = ['a', 'b', 'c', 'a'].map((name) => `src/corpus/${name}.ts`);
    const cycle = chain.slice(1).map((to, index) => ({ from: chain[index] ?? '', to }));
    expect(cycleIn(cycle)).toEqual(chain);
    expect(cycleIn(cycle.slice(1))).toBeNull();
  });
});

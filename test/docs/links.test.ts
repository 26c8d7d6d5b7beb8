import { existsSync, readFileSync, readdirSync, statSync } from 'node:fs';
import path from 'node:path';
import { GFM, parser } from '@lezer/markdown';
import { describe, expect, it } from 'vitest';

const root = path.resolve(import.meta.dirname, '../..');
const pages = [
  'README.md',
  'CHANGELOG.md',
  'CONTRIBUTING.md',
  'SECURITY.md',
  'embeddings/model/README.md',
  'test/eval/README.md',
  'tools/model/README.md',
  ...readdirSync(path.join(root, 'docs'))
    .filter((name) => name.endsWith('.md'))
    .map((name) => `docs/${name}`),
];

interface Page {
  /** Anchors as GitHub makes them: lower case, punctuation removed, spaces as hyphens, repeats numbered. */
  readonly anchors: ReadonlySet<string>;
  /** Targets of links, images and the `src` and `href` of HTML. */
  readonly targets: readonly string[];
  /** Code that is the path of a source file. */
  readonly sources: readonly string[];
}

const SOURCE = /^(?:src|scripts|test|tools|deploy)\/[\w./-]+$|^[\w-]+\.ts$/;
/** Files that the reader is to write, and installed ones. */
const ABSENT = /\/x\.ts$|\/node_modules$/;
/** Names of files, by which a page means one in a folder that it has named before. */
const names = new Set(
  ['src', 'scripts', 'tools'].flatMap((folder) =>
    readdirSync(path.join(root, folder), { recursive: true, encoding: 'utf8' }).map((file) =>
      path.basename(file),
    ),
  ),
);

const markdown = parser.configure(GFM);
const parsed = new Map<string, Page>();

function pageOf(file: string): Page {
  const page = parsed.get(file) ?? parse(readFileSync(file, 'utf8'));
  parsed.set(file, page);
  return page;
}

function parse(source: string): Page {
  const anchors = new Set<string>();
  const targets: string[] = [];
  const sources: string[] = [];
  markdown.parse(source).iterate({
    enter: ({ name, from, to }) => {
      const text = source.slice(from, to);
      if (name.startsWith('ATXHeading')) anchors.add(newAnchor(text, anchors));
      else if (name === 'InlineCode') sources.push(text.slice(1, -1));
      else if (name === 'URL') targets.push(text.replace(/^<|>$/g, ''));
      else if (name === 'HTMLBlock' || name === 'HTMLTag') {
        targets.push(
          ...[...text.matchAll(/\b(?:src|href)="([^"]*)"/gu)].map(([, url = '']) => url),
        );
      }
    },
  });
  return { anchors, targets, sources: sources.filter((code) => SOURCE.test(code)) };
}

function newAnchor(heading: string, taken: ReadonlySet<string>): string {
  const base = heading
    .replace(/^#+ |\]\([^)]*\)/g, '')
    .trim()
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\p{M}_ -]/gu, '')
    .replaceAll(' ', '-');
  let anchor = base;
  for (let repeat = 1; taken.has(anchor); repeat++) anchor = `${base}-${repeat}`;
  return anchor;
}

function problemOf(page: string, target: string): string | undefined {
  if (/^[a-z][a-z+.-]*:/iu.test(target)) return undefined;
  const [relative = '', anchor] = target.split('#');
  const file =
    relative === ''
      ? path.join(root, page)
      : path.resolve(root, path.dirname(page), decodeURIComponent(relative));
  if (!existsSync(file)) return `${target}: expected a file, found none`;
  if (anchor === undefined || !statSync(file).isFile() || !file.endsWith('.md')) return undefined;
  return pageOf(file).anchors.has(decodeURIComponent(anchor))
    ? undefined
    : `${target}: expected a heading for the anchor, found none`;
}

describe('links of the documentation', () => {
  it.each(pages)('all relative links of %s lead to a file and to a heading', (page) => {
    const { targets } = pageOf(path.join(root, page));
    expect(targets.flatMap((target) => problemOf(page, target) ?? [])).toEqual([]);
  });

  it.each(pages)('the source files that %s names exist', (page) => {
    const { sources } = pageOf(path.join(root, page));
    const missing = sources.filter(
      (file) => !names.has(file) && !existsSync(path.join(root, file)),
    );
    expect(missing.filter((file) => !ABSENT.test(file))).toEqual([]);
  });

  it('finds a missing file and a missing heading', () => {
    expect(problemOf('README.md', 'docs/none.md')).toContain('expected a file');
    expect(problemOf('docs/DESIGN.md', '../README.md#no-such-heading')).toContain(
      'expected a heading',
    );
  });
});

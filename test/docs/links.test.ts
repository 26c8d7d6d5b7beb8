import { existsSync, readFileSync, readdirSync, statSync } from 'node:fs';
import path from 'node:path';
import { fromMarkdown } from 'mdast-util-from-markdown';
import { gfmFromMarkdown } from 'mdast-util-gfm';
import { gfm } from 'micromark-extension-gfm';
import type { Nodes } from 'mdast';
import { describe, expect, it } from 'vitest';

const root = path.resolve(import.meta.dirname, '../..');
const pages = [
  'README.md',
  'CONTRIBUTING.md',
  ...readdirSync(path.join(root, 'docs'))
    .filter((name) => name.endsWith('.md'))
    .map((name) => `docs/${name}`),
];

const parsed = new Map<string, readonly Nodes[]>();

function nodesOf(file: string): readonly Nodes[] {
  const nodes = parsed.get(file) ?? parse(file);
  parsed.set(file, nodes);
  return nodes;
}

function parse(file: string): Nodes[] {
  const visit = (node: Nodes): Nodes[] => [
    node,
    ...('children' in node ? node.children.flatMap(visit) : []),
  ];
  const tree = fromMarkdown(readFileSync(file, 'utf8'), {
    extensions: [gfm()],
    mdastExtensions: [gfmFromMarkdown()],
  });
  return visit(tree);
}

function textOf(node: Nodes): string {
  if ('children' in node) return node.children.map(textOf).join('');
  return node.type === 'text' || node.type === 'inlineCode' ? node.value : '';
}

/** Anchors as GitHub makes them: lower case, punctuation removed, spaces as hyphens, repeats numbered. */
function anchorsOf(file: string): Set<string> {
  const anchors = new Set<string>();
  for (const node of nodesOf(file)) {
    if (node.type !== 'heading') continue;
    const base = textOf(node)
      .trim()
      .toLowerCase()
      .replace(/[^\p{L}\p{N}\p{M}_ -]/gu, '')
      .replaceAll(' ', '-');
    let anchor = base;
    for (let repeat = 1; anchors.has(anchor); repeat++) anchor = `${base}-${repeat}`;
    anchors.add(anchor);
  }
  return anchors;
}

/** Targets of links, images and the `src` and `href` of HTML. */
function targetsOf(file: string): string[] {
  return nodesOf(file).flatMap((node) => {
    if (node.type === 'link' || node.type === 'image' || node.type === 'definition') {
      return [node.url];
    }
    if (node.type !== 'html') return [];
    return [...node.value.matchAll(/\b(?:src|href)="([^"]*)"/gu)].map((match) => match[1] ?? '');
  });
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
  return anchorsOf(file).has(decodeURIComponent(anchor))
    ? undefined
    : `${target}: expected a heading for the anchor, found none`;
}

describe('links of the documentation', () => {
  it.each(pages)('all relative links of %s lead to a file and to a heading', (page) => {
    const targets = targetsOf(path.join(root, page));
    expect(targets.flatMap((target) => problemOf(page, target) ?? [])).toEqual([]);
  });

  it('finds a missing file and a missing heading', () => {
    expect(problemOf('README.md', 'docs/none.md')).toContain('expected a file');
    expect(problemOf('docs/DESIGN.md', '../README.md#no-such-heading')).toContain(
      'expected a heading',
    );
  });
});

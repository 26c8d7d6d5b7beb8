import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { expectSound } from '../invariants.ts';
import { blocksOf, read, readSound } from '../read.ts';

const HEAD = '---\nid: x\nkind: background\ntitle: A title\n---\n';

describe('readMarkdown, by way of readDocument', () => {
  it('removes markup and keeps the words', async () => {
    const document = await readSound(
      'x.md',
      `${HEAD}Kamikawa met **Blinken** in [Washington](blinken.md "t"), *again*, at \`13:30\` &amp; left &#8212; \\*soon\\*. ~~No~~ ![flag](f.png)\n`,
    );
    expect(blocksOf(document)).toEqual([
      'Kamikawa met Blinken in Washington, again, at 13:30 & left — *soon*. No',
    ]);
  });

  it('makes soft breaks, tabs and no-break spaces one space and drops what is invisible', async () => {
    const document = await readSound(
      'x.md',
      `${HEAD}On January\u00a012 she\r\nmet\thim in Kra\u00adków\u200b.\n`,
    );
    expect(document.text).toBe('On January 12 she met him in Kraków.');
  });

  it('removes footnote marks and keeps them as sources in their order', async () => {
    const body =
      'It lasted 45 minutes.[^b][^a-2] It began early.[^c]\n\nNothing is known of this.\n\n[^c]: A definition.\n';
    const document = await readSound('x.md', HEAD.replace('title', 'sources: [z]\ntitle') + body);
    expect(document.text).toBe('It lasted 45 minutes. It began early.\nNothing is known of this.');
    expect(
      document.footnotes.map(({ sourceId, line, offset }) => [sourceId, line, offset]),
    ).toEqual([
      ['b', 7, 21],
      ['a-2', 7, 21],
      ['c', 7, 37],
    ]);
    expect(
      expectSound(document, HEAD.replace('title', 'sources: [z]\ntitle') + body, {
        targetCharacters: 20,
      }).map(({ sources }) => sources),
    ).toEqual([['b', 'a-2'], ['c'], ['z']]);
  });

  it('gives a passage without footnotes those at the end of its paragraph', async () => {
    const text = `${HEAD}One sentence stands here. Another stands here.[^a]\n`;
    const passages = expectSound(await readSound('x.md', text), text, { targetCharacters: 20 });
    expect(passages.map(({ sources }) => sources)).toEqual([['a'], ['a']]);
  });

  it('nests headings and makes list items, table rows and quotations blocks', async () => {
    const text = `${HEAD}## One\n\n- a first\n- a second\n\n### Deeper\n\n> said so\n\n## Two\n\n| City | Day |\n|---|---|\n| Kyiv | 7 |\n`;
    const document = await readSound('x.md', text);
    expect(document.sections.map(({ headings }) => headings)).toEqual([
      ['One'],
      ['One', 'Deeper'],
      ['Two'],
    ]);
    expect(blocksOf(document)).toEqual([
      'a first',
      'a second',
      'said so',
      'City | Day',
      'Kyiv | 7',
    ]);
    expectSound(document, text);
  });

  it('reads one paragraph a line where a saved page has no empty lines', async () => {
    const long =
      'The minister spoke at some length about the order among nations, the dead of Noto, and what Japan would do for those who had fled from the war in Ukraine.';
    const document = await readSound(
      'page.md',
      `A title for the page\nBy Some One\n${long}\n${long.replace('minister', 'president')}\nShe said so herself.\n`,
    );
    expect(document.title).toBe('A title for the page');
    expect(blocksOf(document)).toEqual([
      long,
      long.replace('minister', 'president'),
      'She said so herself.',
    ]);
  });

  it('is sound for any Markdown', async () => {
    const inline = fc.constantFrom(
      'Kyiv',
      'U.S. Secretary',
      '**bold**',
      '*em*',
      '[link](a.md)',
      '[^src-1]',
      '.[^a][^b]',
      '&amp;',
      '&nbsp;',
      '\\*',
      '`code`',
      'said. The',
      '\u00a0',
      '“Yes.”',
      '<b>x</b>',
      '![i](j.png)',
      'naïve 😀',
      '...',
      '1.',
      '|',
      '[^',
      '_',
    );
    const block = fc
      .tuple(
        fc.constantFrom('', '', '', '## ', '- ', '1. ', '> ', '    ', '# ', '| '),
        fc.array(fc.tuple(inline, fc.constantFrom(' ', ' ', '\n', '')), {
          minLength: 1,
          maxLength: 14,
        }),
      )
      .map(([prefix, parts]) => prefix + parts.flat().join(''));
    await fc.assert(
      fc.asyncProperty(
        fc.array(block, { maxLength: 8 }),
        fc.boolean(),
        fc.boolean(),
        fc.integer({ min: 20, max: 600 }),
        async (blocks, crlf, ours, targetCharacters) => {
          const lf = (ours ? HEAD : '') + blocks.join('\n\n');
          const text = crlf ? lf.replaceAll('\n', '\r\n') : lf;
          const { document, problems } = await read('x.md', text);
          expect(document === null).toBe(problems.length > 0);
          if (document !== null && !document.text.includes('[^'))
            expectSound(document, text, { targetCharacters });
        },
      ),
      { numRuns: 150 },
    );
  });
});

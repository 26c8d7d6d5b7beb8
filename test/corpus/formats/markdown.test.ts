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

  it('reads a text longer than it parses at once as its parts: code whole, lists and footnotes too', async () => {
    const lines = Array.from({ length: 6000 }, (_, index) => `- The ${index}th *buoy* of the bay`);
    const code = Array.from({ length: 4000 }, (_, index) => `let buoy${index} = '*red*';`);
    const plain = lines.map((line) => line.slice(2).replaceAll('*', ''));
    const quoted = plain.map((line) => `> ${line}`);
    const text = [
      '# Buoys',
      'The last one is green.[^1]',
      lines.join('\n'),
      `~~~\n${code.join('\n')}\n~~~`,
      quoted.join('\n'),
      '[^1]: Painted in *May*.',
    ].join('\n\n');
    expect(text.length).toBeGreaterThan(400_000);
    const document = await readSound('x.md', text);
    const blocks = blocksOf(document);
    expect(blocks.slice(0, 6001)).toEqual(['The last one is green.', ...plain]);
    expect(blocks[6001]).toBe(code.join('\n'));
    // A paragraph of 200,000 characters is cut; none of its words is lost.
    expect(blocks.slice(6002).join(' ')).toBe([...plain, 'Painted in May.'].join(' '));
    expectSound(document, text);
  });

  it('leaves out and names elements that HTML hides, and keeps exponents apart from their base', async () => {
    const { document, leftOut } = await read(
      'x.md',
      'The pier <span hidden>secretly </span>closes.\n\n<div class="a" style="display:none">Not yet.</div>\n\nIt holds 10<sup>3</sup> boats, <b title="a hidden one">all of them</b>.\n',
    );
    if (document === null) expect.fail('no document');
    expect(blocksOf(document)).toEqual(['The pier closes.', 'It holds 10³ boats, all of them.']);
    expect(leftOut).toEqual([
      { lines: [1, 1], why: 'hidden' },
      { lines: [3, 3], why: 'hidden' },
    ]);
  });

  it('reads blocks of HTML without tags, scripts and character references, and words as they are joined', async () => {
    const document = await readSound(
      'x.md',
      '# Boats\n\n<div>The ferry &amp; its <b>crew</b>, all four, sailed<br>at noon.<p>Then it &ldquo;rained&rdquo;.</p></div>\n\n<table><tr><td>Crew</td><td>4</td></tr></table>\n\n<script>let a = 1;</script>\n\nIt cost 5 &euro;.\n',
    );
    expect(blocksOf(document)).toEqual([
      'The ferry & its crew, all four, sailed at noon. Then it “rained”.',
      'Crew 4',
      'It cost 5 €.',
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

  it('leaves out comments of every template language, but no signs of per cent', async () => {
    const { document, leftOut } = await read(
      'x.md',
      'It was 100%% sure, and 50%% cheaper.\n\n{%- comment -%}one{%- endcomment -%}\n\nThe mole %%two%% holds.\n\n%%\nthree\n\n# Four\n%%\n\n<!-- five\n\nsix -->\n\n{% comment %}seven{% endcomment %}Boats pass.\n',
    );
    expect(document === null ? [] : blocksOf(document)).toEqual([
      'It was 100%% sure, and 50%% cheaper.',
      'The mole holds.',
      'Boats pass.',
    ]);
    expect(leftOut).toHaveLength(5);
  });

  it('drops fences of containers and attributes of lines, and keeps what they hold', async () => {
    const document = await readSound(
      'x.md',
      '# The mole {#mole}\n\n:::tip For pilots\nKeep to the north.\n:::\n\n!!! note "In winter"\n    The gate is shut.\n\nThe toll is four crowns.\n{: .lead}\n\n```\n::: stays\n```\n',
    );
    expect(document.title).toBe('The mole');
    expect(blocksOf(document)).toEqual([
      'For pilots',
      'Keep to the north.',
      '"In winter" The gate is shut.',
      'The toll is four crowns.',
      '::: stays',
    ]);
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

  it('reads lines that end in a carriage return alone', async () => {
    const document = await readSound(
      'a.md',
      '# Mole\rThe stone came by barge.\r\r- Lamp\r- Bell\r',
    );
    expect(document.title).toBe('Mole');
    expect(blocksOf(document)).toEqual(['The stone came by barge.', 'Lamp', 'Bell']);
  });

  it('reads a text below any number of marks of quotations', async () => {
    const text = `${'>'.repeat(100_000)}\n${'> '.repeat(300)}The tide turns at noon.\n`;
    const document = await readSound('a.md', text);
    expect(blocksOf(document)).toEqual(['The tide turns at noon.']);
    expectSound(document, text);
  });

  it('reads a text below any number of marks of lists, on one line or on lines of their own', async () => {
    const steps = Array.from({ length: 150 }, (_, depth) => `${'  '.repeat(depth)}- buoy ${depth}`);
    const text = `${'1. '.repeat(5000)}\n${'+ '.repeat(300)}The tide turns at noon.\n\n${steps.join('\n')}\n\n${'* '.repeat(300)}\n`;
    const document = await readSound('a.md', text);
    expect(document.text.replace(/\s+/g, ' ')).toBe(
      `The tide turns at noon. ${steps.map((step) => step.trim().slice(2)).join(' ')}`,
    );
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
      'A title for the page',
      'By Some One',
      long,
      long.replace('minister', 'president'),
      'She said so herself.',
    ]);
  });

  it('never quotes comments, whatever is in them', async () => {
    const text =
      'Open %% not for you %% words.\n\n%%\nsecret one\n\n- secret two\n%%\n\nMore <!-- hidden\n\nstill hidden --> words.\n\n`100 %% of it`\n\n%%\nsecret to the end\n';
    const { document, leftOut } = await read('x.md', text);
    if (document === null) throw new Error('expected a document');
    expect(blocksOf(document)).toEqual(['Open words.', 'More', 'words.', '100 %% of it']);
    expect(leftOut.map(({ lines }) => lines)).toEqual([
      [1, 1],
      [3, 7],
      [9, 11],
      [15, 16],
    ]);
    expectSound(document, text);
  });

  it('reads the markup of note programs as its reader sees it', async () => {
    const text =
      'Ask [[people/Ada L|Ada]] or [[Bea]], see [[#Tolls]] and **[[Ports#North|the port]]**. ![[plan.png|300]]\n\n| who | where |\n|---|---|\n| [[Ada\\|she]] | here |\n\n> [!tip]- Hours\n> It opens at 9. ^hours\n\n> [!note]\n> Bring a coat.\n\nA ==marked== word, a == b, x[[0]] and [[1]](a.md).\n';
    const document = await readSound('x.md', text);
    expect(blocksOf(document)).toEqual([
      'Ask Ada or Bea, see Tolls and the port.',
      'who | where',
      'she | here',
      'Hours',
      'It opens at 9.',
      'Bring a coat.',
      'A marked word, a == b, x[[0]] and [1].',
    ]);
    expectSound(document, text);
  });

  it('leaves shortcodes out and keeps what they enclose', async () => {
    const text =
      '{{< figure src="a.png" >}}\n\n{{% note %}}Mind the gap.{{% /note %}}\n\nSee [the list]({{< relref "b.md" >}}).{% include x.html %}\n\n{% comment %}not this{% endcomment %}\n';
    expect(blocksOf(await readSound('x.md', text))).toEqual(['Mind the gap.', 'See the list.']);
  });

  it('keeps footnotes that are text, unless they name sources', async () => {
    const body =
      'The toll is four crowns.[^1] Boats pass.[^b]\n\n[^1]: It was nine\n    until 1931.\n[^b]: https://example.org/b\n';
    const document = await readSound('x.md', body);
    expect(blocksOf(document)).toEqual([
      'The toll is four crowns. Boats pass.',
      'It was nine until 1931.',
    ]);
    expect(document.footnotes).toEqual([]);
    expect(blocksOf(await readSound('x.md', HEAD + body))).toHaveLength(1);
  });

  it('keeps brackets that lead nowhere and follows those that are defined', async () => {
    const document = await readSound(
      'x.md',
      'Read [this][a], [A], [that] and [*more*][b]. ![No picture][c]\n\n[a]: https://example.org\n',
    );
    expect(blocksOf(document)).toEqual(['Read this, A, [that] and [more][b]. ![No picture][c]']);
  });

  it('keeps the lines of code, and the header row with the rows of a table', async () => {
    const rows = Array.from({ length: 40 }, (_, n) => `| boat ${n} | ${n}.5 metres of draught |`);
    const text = `Use it:\n\n\`\`\`\nfirst line\n  second line\n\`\`\`\n\n| name | depth |\n|---|---|\n${rows.join('\n')}\n`;
    const document = await readSound('x.md', text);
    expect(blocksOf(document)[1]).toBe('first line\nsecond line');
    const passages = expectSound(document, text);
    expect(passages.length).toBeGreaterThan(1);
    for (const { text: shown, headings, header } of passages) {
      expect(shown.includes('name | depth') || headings.includes('name | depth')).toBe(true);
      expect(`${header}\n${shown}`).toContain('name | depth');
    }
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
      '[[a|b]]',
      '![[c]]',
      '%%',
      '<!--',
      '-->',
      '{{< x >}}',
      '==m==',
      '^id',
      '[!note]',
      '_',
    );
    const block = fc
      .tuple(
        fc.constantFrom(
          '',
          '',
          '',
          '## ',
          '- ',
          '1. ',
          '> ',
          '    ',
          '# ',
          '| ',
          '[^1]: ',
          '```\n',
        ),
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
          if (problems.length > 0) expect(document).toBeNull();
          if (document !== null && !document.text.includes('[^'))
            expectSound(document, text, { targetCharacters });
        },
      ),
      { numRuns: 150 },
    );
  });
});

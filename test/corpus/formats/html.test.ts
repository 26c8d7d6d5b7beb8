import { describe, expect, it } from 'vitest';
import { BlockBuilder, type BlockKind } from '../../../src/corpus/formats/block.ts';
import { boilerplateOf, type PageBlock } from '../../../src/corpus/formats/article.ts';
import { passagesOf } from '../../../src/corpus/passages.ts';
import { expectSound } from '../invariants.ts';
import { blocksOf, read, readSound } from '../read.ts';

const ARTICLE =
  'The minister said that Japan&#8217;s aid would go on, and that generators were on their way to Kyiv.';

function page(body: string): string {
  return `<!doctype html>\n<html><head><title>A visit &amp; a promise | The Paper</title>\n<script>var x = "The script";</script></head>\n<body>\n${body}\n</body></html>\n`;
}

const FULL = page(`<header><a href="/">The Paper</a></header>
<nav><ul><li><a href="/w">World</a></li><li><a href="/s">Sport</a></li></ul></nav>
<main><article><h1>A visit &amp; a promise</h1>
<p class="byline">By Some One</p>
<p>${ARTICLE} The visit on January&nbsp;7
took everybody by surprise, since nobody
had been told.</p>
<h2>What followed</h2>
<p>${ARTICLE.replace('minister', 'president')}<br>A second line stands here.</p>
<ul><li>One thing, which was agreed, is said here.</li><li>Another thing, which was not, is said here.</li></ul>
<table><tr><th>City</th><th>Day</th></tr><tr><td>Kyiv</td><td>7</td></tr></table>
<figure><img src="a.jpg"><figcaption>A church in the snow</figcaption></figure>
<p style="display:none">Hidden words.</p>
<p>${ARTICLE.replace('minister', 'prime minister')}</p>
</article></main>
<aside><p>Most read: ten things that have nothing to do with it.</p></aside>
<footer><p>All rights reserved. Cookies are used on this site; accept them.</p></footer>`);

describe('readHtml, by way of readDocument', () => {
  it('knows a page that is laid out by a table, also with its letters in another font', async () => {
    const document = await readSound(
      'a.htm',
      '<TABLE><TR><TD><A HREF="a">Home</A><BR><A HREF="b">News</A><BR><A HREF="c">Links</A></TD><TD><FONT FACE="Arial">We meet on Tuesdays.<P>The club was founded by a postman.<UL><LI>1998 Ivor Bray</UL></FONT></TD></TR></TABLE>',
    );
    expect(blocksOf(document)).toEqual([
      'We meet on Tuesdays.',
      'The club was founded by a postman.',
      '1998 Ivor Bray',
    ]);
  });

  it('takes title, author and date of a mail that was saved as a page from its fields', async () => {
    const { document, author } = await read(
      'a.htm',
      page(
        '<p>From: Ada Hoskin<br>Sent: 21 May 2023 09:14<br>Subject: The valve</p><p>It leaks thirty litres an hour.</p>',
      ).replace(/<title>.*<\/title>/, ''),
    );
    expect([document?.title, document?.date, author]).toEqual([
      'The valve',
      '2023-05-21',
      'Ada Hoskin',
    ]);
  });

  it('reads the name of a table, and what a page hides until somebody looks for it', async () => {
    const document = await readSound(
      'a.html',
      page(
        `<main><h1>Tides</h1><p>${ARTICLE}</p><table class="t"><caption class="t-caption">Yearly fees</caption><tr><td>Kyiv</td><td>7</td></tr></table>
<div hidden="until-found"><p>A voucher costs two pounds and is valid for a day.</p></div></main>`,
      ),
    );
    expect(blocksOf(document).slice(1)).toEqual([
      'Yearly fees',
      'Kyiv 7',
      'A voucher costs two pounds and is valid for a day.',
    ]);
  });

  it('names lines that were left out without the text between them', async () => {
    const text = page(
      `<p hidden>First secret.</p>\n<p>${ARTICLE}</p>\n<p hidden>Second secret.</p>\n<p hidden>Third secret.</p>`,
    );
    const { leftOut } = await read('a.html', text);
    expect(leftOut.filter(({ why }) => why === 'hidden')).toEqual([
      { lines: [5, 5], why: 'hidden' },
      { lines: [7, 8], why: 'hidden' },
    ]);
  });

  it('leaves out a dialog beside a short article', async () => {
    const document = await readSound(
      'a.html',
      page(`<div role="dialog"><p>We use cookies. By clicking Accept you agree to 742 partners of ours.</p></div>
<main><h1>Tides</h1><p>${ARTICLE}</p><p>${ARTICLE.replace('minister', 'president')}</p><p>${ARTICLE.replace('minister', 'mayor')}</p></main>`),
    );
    expect(blocksOf(document).join(' ')).not.toContain('cookies');
  });

  it('leaves out consent boxes, elements of AMP around the text, note marks and the ways back from notes', async () => {
    const document = await readSound(
      'a.html',
      page(`<div id="qc-cmp2-container"><p>We value your privacy and that of everybody who reads these pages.</p></div>
<amp-sidebar><ul><li>Home and harbour</li></ul></amp-sidebar>
<article><h1>A visit &amp; a promise</h1><p>${ARTICLE}<a href="#fn1"><sup>1</sup></a></p>
<amp-ad><div fallback>Advertisement here</div></amp-ad><p>${ARTICLE.replace('minister', 'president')}</p>
<p id="fn1">Said in Kyiv.<a href="#fnref1">↩︎</a></p></article><amp-consent><div>Accept to go on.</div></amp-consent>`),
    );
    const said =
      'said that Japan’s aid would go on, and that generators were on their way to Kyiv.';
    expect(blocksOf(document)).toEqual([
      `The minister ${said}`,
      `The president ${said}`,
      'Said in Kyiv.',
    ]);
  });

  it('notes where the page goes on otherwise than the text', async () => {
    const cutsOf = async (body: string): Promise<string> => {
      const source = `<html><head><meta name="generator" content="pandoc"></head><body>${body}</body></html>`;
      const { text, origin } = await readSound('a.html', source);
      const cuts = origin.runs.filter(({ cut }) => cut !== undefined);
      return cuts.reduceRight(
        (marked, { textStart: at, cut }) => `${marked.slice(0, at)}<${cut}>${marked.slice(at)}`,
        text,
      );
    };
    const mark = '<sup><a href="#n">3</a></sup>';
    expect(await cutsOf(`<p>It ended in <b>2024</b>.${mark} <sup>[4]</sup>Boats left.</p>`)).toBe(
      'It ended in 2024.<word> <text>Boats left.',
    );
    expect(await cutsOf(`<p>Boats left.<sup>[4]</sup></p><p>It rains.${mark}</p>`)).toBe(
      'Boats left.<text>\nIt rains.<word>',
    );
    expect(await cutsOf(`<p>Boats${mark}<br>left<br>Lund.</p>`)).toBe(
      'Boats<word> left<block> Lund.',
    );
    expect(await cutsOf('<p>船は<br>港を出た。</p>')).toBe('船は<block>港を出た。');
    expect(await cutsOf('<p>It is 10<sup>3</sup> m wide.</p>')).toBe(
      'It is 10<word>³<word> m wide.',
    );
    expect(await cutsOf('<table><tr><td>Lund</td><td>a port</td></tr></table>')).toBe(
      '<block>Lund<block> a port<block>',
    );
  });

  it('sets apart what a style puts on a line of its own', async () => {
    const spans = '<span style="display: block">Contact:</span><span style="color: red">The</span>';
    const read = await readSound('a.html', page(`<article><p>${spans} office.</p></article>`));
    expect(blocksOf(read)).toEqual(['Contact: The office.']);
  });

  it('finds the article, its title and its headings, and nothing around it', async () => {
    const document = await readSound('a.html', FULL);
    expect(document.title).toBe('A visit & a promise');
    expect(document.sections.map(({ headings }) => headings)).toEqual([[], ['What followed']]);
    const text = blocksOf(document).join('\n');
    expect(text).toContain('Japan’s aid would go on');
    expect(text).toContain(
      'The visit on January 7 took everybody by surprise, since nobody had been told.',
    );
    expect(text).toContain('Kyiv 7');
    expect(text).not.toMatch(/script|World|Some One|church in the snow|Hidden|Most read|rights/);
  });

  it('leads every passage back to its lines', async () => {
    const passages = expectSound(await readSound('a.html', FULL), FULL, { targetCharacters: 100 });
    const lines = FULL.split('\n');
    const visit = passages.find(({ text }) => text.includes('took everybody'));
    expect(lines[(visit?.lines[1] ?? 0) - 1]).toContain('had been told');
  });

  it('reads a page that has too little for an article without what is around it', async () => {
    const text = page(
      '<nav>Home World Sport</nav><div>A short note.</div><footer>Legal words stand here</footer>',
    );
    const document = await readSound('a.html', text);
    expect(blocksOf(document)).toEqual(['A short note.']);
    expect(document.title).toBe('A visit & a promise');
    expectSound(document, text);
  });

  it('leaves out what an encyclopedia puts around its text, but no powers', async () => {
    const document = await readSound(
      'a.html',
      page(`<h1>A visit</h1>
<div id="toc"><h2>Contents</h2><ul><li>1 Concert</li></ul></div>
<p>She saw the hall.<sup class="reference"><a href="#c1">[1]</a></sup> It has 2,100 m<sup>2</sup>, says the city.<sup><a href="#n2">2</a></sup></p>
<h2>Concert<span class="mw-editsection">[edit]</span></h2>
<p>${ARTICLE}<sup>[citation needed]</sup></p>
<ol class="references"><li>^ The paper. Retrieved on a day.</li></ol>`),
    );
    const text = blocksOf(document).join('\n');
    expect(text).toContain('She saw the hall. It has 2,100 m², says the city.');
    expect(text).toMatch(/way to Kyiv\.$/);
    expect(text).not.toMatch(/\[|Retrieved|1 Concert/);
  });

  it('runs no script', async () => {
    const text = page(
      `<p>${ARTICLE}</p><script>document.body.innerHTML = '<p>Written by a script.</p>';</script>`,
    );
    expect((await readSound('a.html', text)).text).not.toContain('script');
  });

  it('keeps places right behind CRLF, references and unclosed elements', async () => {
    const text = page(
      `<div><p>First &lt;one&gt; &hellip; &#x1F600; stands here\r\nand ends.<p>Second &amp; last, <b>bold<i>er</b>est</i> of them.\r\n<p>${ARTICLE}</div>`,
    ).replaceAll('\n', '\r\n');
    const document = await readSound('a.htm', text);
    expect(blocksOf(document).slice(0, 2)).toEqual([
      'First <one> … 😀 stands here and ends.',
      'Second & last, bolderest of them.',
    ]);
    expectSound(document, text);
  });

  it('finds the paragraphs of an old page that is laid out by line breaks in a table', async () => {
    const text = page(
      `<table><tr><td><a href="a">Home</a> | <a href="b">News</a></td></tr><tr><td><b>A visit</b><br>January 15, 2024<br><br>${ARTICLE}<br><br>1. ${ARTICLE.replace('minister', 'president')}<br><a href="x">Back to Index</a></td></tr></table>`,
    );
    const document = await readSound('a.html', text);
    expect(document.date).toBe('2024-01-15');
    const words = ARTICLE.replace('&#8217;', '’');
    expect(blocksOf(document)).toEqual([
      'A visit',
      'January 15, 2024',
      words,
      `1. ${words.replace('minister', 'president')}`,
      'Back to Index',
    ]);
    expectSound(document, text);
  });

  const PARAGRAPHS = [
    'The ropewalk at Aldersund spun its last cable on 9 May, after two hundred and four years at the same quay.',
    'Ingrid Solheim, who ran it, said that the spinning wheels, the tar kettles and the sheds go to the museum.',
    'The town council will decide in the autumn whether a school for boat builders can move into the sheds.',
  ];
  const COMMENT =
    'I remember the smell of tar, and the men, and the boats, and it was a long time ago, friends.';

  it.each([
    ['divisions', PARAGRAPHS.map((text) => `<div>${text}</div>`).join('')],
    [
      'a mixture',
      PARAGRAPHS.map((text, at) => (at % 2 ? `<div>${text}</div>` : `<p>${text}</p>`)).join(''),
    ],
    ['one form', `<form>${PARAGRAPHS.map((text) => `<p>${text}</p>`).join('')}</form>`],
    [
      'a page without scripts',
      `<noscript>${PARAGRAPHS.map((text) => `<p>${text}</p>`).join('')}</noscript>`,
    ],
  ])('keeps every paragraph of an article in %s', async (_name, article) => {
    const text = page(
      `<nav><a href="/">Home</a></nav><div class="story"><h1>The last cable</h1>${article}</div><div id="comments">${`<p>${COMMENT}</p>`.repeat(12)}</div>`,
    );
    const document = await readSound('a.html', text);
    expect(blocksOf(document)).toEqual(PARAGRAPHS);
    expectSound(document, text);
  });

  it.each([
    ['og:title', '<meta property="og:title" content="The last cable"><title>Herald</title>'],
    [
      'linked data',
      '<script type="application/ld+json">{"@graph":[{"@type":"NewsArticle","headline":"The last cable"}]}</script>',
    ],
    ['the window title', '<title>The last cable | Fjord Herald</title>'],
  ])('takes the headline of %s for the title, not the name of the site', async (_name, head) => {
    const body = `<h1>Fjord Herald</h1><h2>The last cable</h2>${PARAGRAPHS.map((text) => `<p>${text}</p>`).join('')}`;
    const document = await readSound(
      'a.html',
      `<html><head>${head}</head><body>${body}</body></html>`,
    );
    expect(document.title).toBe('The last cable');
  });

  it('takes no name of a file for the title', async () => {
    for (const name of ['Microsoft Word - minutes.doc', 'minutes_v2.docx', 'index.html']) {
      const source = `<title>${name}</title><p>Minutes of the canal board</p><p>The board bought a saw for the ice, which eleven members had asked for since the winter before.</p>`;
      expect((await readSound('a.html', source)).title).toBe('Minutes of the canal board');
    }
  });

  it('reads date, author and language from the metadata, and is stopped by no style sheet', async () => {
    const head = `<style>.a { color: darken($x 3%); }</style><script type="application/ld+json">{"@type":"NewsArticle","datePublished":"2023-05-09T21:00:00Z","author":[{"name":"Ada Lind"}]}</script>`;
    const result = await read(
      'a.html',
      `<html lang="en-GB"><head>${head}</head><body>${PARAGRAPHS.map((text) => `<p>${text}</p>`).join('')}</body></html>`,
    );
    expect(result).toMatchObject({
      author: 'Ada Lind',
      language: 'en-GB',
      document: { date: '2023-05-09' },
    });
  });

  it('names what it leaves out, with its lines', async () => {
    const text = `<html><body>\n<nav><a href="/">Home</a></nav>\n<article>${PARAGRAPHS.map((line) => `<p>${line}</p>`).join('\n')}</article>\n<footer>Legal words</footer></body></html>`;
    const { leftOut } = await read('a.html', text);
    expect(leftOut).toEqual([
      { lines: [2, 2], why: 'navigation' },
      { lines: [6, 6], why: 'page footer' },
    ]);
  });

  it('keeps exponents apart from their base, and joins words at soft hyphens', async () => {
    const document = await readSound(
      'a.html',
      `<article><p>${PARAGRAPHS[0]} It took 10<sup>3</sup> men of the ne&shy;igh&shy;bourhood and H<sub>2</sub>O.</p></article>`,
    );
    expect(document.text).toContain('It took 10³ men of the neighbourhood and H2O.');
  });

  it('reads what a page hides until its script runs, where it shows nothing else', async () => {
    const article = PARAGRAPHS.map((text) => `<p>${text}</p>`).join('');
    const page = (shown: string): string =>
      `<div id="app" style="display: none"><h1>The last cable</h1>${article}</div>${shown}`;
    expect(
      blocksOf(await readSound('a.html', page('<noscript>Scripts are off.</noscript>'))),
    ).toEqual(expect.arrayContaining(PARAGRAPHS));
    expect((await readSound('a.html', page('<p>The ropewalk is shut.</p>'))).text).toBe(
      'The ropewalk is shut.',
    );
  });

  it('knows furniture of forums, encyclopedias, manuals and offices by the names of its classes', async () => {
    const { document, leftOut } = await read(
      'a.html',
      `<title>Tides¶</title><div role="main"><h1>Tides<a class="headerlink" href="#tides">¶</a></h1><div class="hatnote">Main page: Moon, the</div><p>${ARTICLE}</p><div class="postprofile">Posts: 12</div><div class="signature">Visit my shop.</div><h2>Ebb<a href="#ebb">#</a></h2><p>${ARTICLE.replace('minister', 'president')}</p><div class="field-feedback">Did it help? Yes No</div></div>`,
    );
    expect(document?.title).toBe('Tides');
    expect(document?.sections.at(-1)?.headings.at(-1)).toBe('Ebb');
    expect(document?.text).not.toMatch(/Moon|Posts|shop|help|¶|#/);
    expect(leftOut.map(({ why }) => why)).toContain('about the author');
  });

  it('leaves out and names what the style sheets of the file hide on a screen', async () => {
    const styles = `
      /* .shown { display: none } */
      @import url("x.css");
      .away, #gone { color: red; display: none }
      .tab { display: none } .tab.open { display: block }
      .later { visibility: hidden }
      .far { position: absolute; left: -9999px }
      .paper { display: none } @media print { .paper { display: block } }
      p:focus, p::before, main .shown { display: none }
      .broken { $x: ; display: block
      }}
      @media print { .shown { display: none } }
      @media (max-width: 600px) { .shown { display: none } }
      @keyframes in { from { visibility: hidden } .shown { display: none } }`;
    const lines = [
      '<p class="shown">A shown line.</p>',
      '<p class="big away">A line away.</p>',
      '<p id="gone">A line gone.</p>',
      '<div class="tab open"><p>An open tab.</p></div>',
      '<p class="later">A later line.</p>',
      '<p class="far">A line far off.</p>',
      '<p class="paper">A line on paper.</p>',
      '<p class="away" style="display:block">A line of its own style.</p>',
      '<p hidden>A line that is marked.</p>',
    ];
    const { document, leftOut } = await read(
      'a.html',
      page(
        `<style>${styles}</style><style media="print">.shown { display: none }</style><article><h1>Tides</h1><p>${ARTICLE}</p>${lines.join('\n')}<p>${ARTICLE.replace('minister', 'president')}</p></article>`,
      ),
    );
    expect(document?.text.match(/An? [\w ]+\./g)).toEqual([
      'A shown line.',
      'An open tab.',
      'A line of its own style.',
    ]);
    expect(leftOut.map(({ why }) => why)).toContain('hidden');
  });

  it('reads what style sheets hide where it is most of the page', async () => {
    const hidden = page(
      `<style>.fade { visibility: hidden }</style><article class="fade"><h1>Tides</h1><p>${ARTICLE}</p></article>`,
    );
    expect((await readSound('a.html', hidden)).text).toContain('generators');
    const shown = page(
      `<article><h1>Tides</h1><p>${ARTICLE}</p><p aria-hidden="true">It snowed.</p><p>It <i class="icon" aria-hidden="true">cloud</i> cleared.<a aria-hidden="true" href="#x">Anchor</a></p></article>`,
    );
    const { text } = await readSound('a.html', shown);
    expect(text).toContain('It snowed.\nIt cleared.');
    expect(text).not.toContain('Anchor');
  });

  it('repeats a cell in each row that it spans, and a head of several rows with each part of its table', async () => {
    const days = Array.from(
      { length: 40 },
      (_, day) =>
        `<tr><td rowspan="3">Day ${day}</td><td>six</td><td>Lund</td></tr>\n<tr><td>seven</td><td rowspan=2>no <i>ferry</i></td></tr>\n<tr><td>nine</td></tr>`,
    );
    const document = await readSound(
      'a.html',
      page(
        `<article><h1>Ferries</h1><p>${ARTICLE}</p><table><thead><tr><th rowspan="2">Day</th><th colspan="2">Summer</th></tr><tr><th>Hour</th><th>Pier</th></tr></thead>\n<tbody>${days.join('\n')}</tbody><tbody><tr><td>Never</td><td colspan="2">Malmö</td></tr></tbody></table></article>`,
      ),
    );
    const rows = blocksOf(document).filter((text) => text.startsWith('Day 7 '));
    expect(rows).toEqual(['Day 7 six Lund', 'Day 7 seven no ferry', 'Day 7 nine no ferry']);
    expect(blocksOf(document)).toContain('Never Malmö');
    const last = passagesOf(document, []).at(-1);
    expect(last?.headings.at(-1)).toBe('Day Summer Day Hour Pier');
    expect(last?.lines[1]).toBe(document.origin.lineStarts.length - 2);
  });

  it('takes no part of a page that is laid out by a table for the name of its rows', async () => {
    const document = await readSound(
      'a.html',
      page(
        `<table><tr><td rowspan="2"><a href="a">News</a><br><a href="b">Sport</a><br><a href="c">Tides</a></td><td rowspan="2">The Paper</td><td><p>${ARTICLE}</p><p>It rained.</p></td></tr><tr><td><p>${ARTICLE.replace('minister', 'president')}</p><p>It snowed.</p></td></tr></table>`,
      ),
    );
    expect(document.text.split('The Paper')).toHaveLength(2);
    expect(document.text).not.toContain('Sport');
  });

  it('keeps the lines of code, and the header of a long table with its rows', async () => {
    const rows = Array.from(
      { length: 60 },
      (_, at) => `<tr><td>Rope ${at}</td><td>${at} metres of hemp</td></tr>`,
    );
    const document = await readSound(
      'a.html',
      `<article><p>${PARAGRAPHS[0]}</p><pre>first\n  second</pre><table><tr><th>Rope</th><th>Length</th></tr>${rows.join('')}</table></article>`,
    );
    expect(document.text).toContain('first\nsecond\n');
    expect(passagesOf(document, []).at(-1)?.headings).toEqual(['Rope Length']);
  });

  it.each([
    [
      'a page that JSON-LD describes',
      `<script type="application/ld+json">{"@type":"WebPage","headline":"The last\ncable",}</script><title>Herald</title>`,
    ],
    [
      'references that were escaped twice',
      '<meta property="og:title" content="The last &amp;#99;able">',
    ],
    [
      'a site in front',
      '<meta property="og:site_name" content="Herald"><title>Herald: The last cable</title>',
    ],
  ])('finds the headline of %s', async (_name, head) => {
    expect((await readSound('a.html', `<head>${head}</head><p>${PARAGRAPHS[0]}</p>`)).title).toBe(
      'The last cable',
    );
  });

  it('takes the name of a Japanese site from the title', async () => {
    const source =
      '<title>最後の綱が作られました｜港新聞</title><p>港の工場は五月九日に最後の綱を作りました。</p>';
    expect((await readSound('a.html', source)).title).toBe('最後の綱が作られました');
  });

  it('leaves out how words are read, so that they are found', async () => {
    const source =
      '<p><ruby>港<rt>みなと</rt></ruby>の<ruby>工場<rp>（</rp><rt>こうじょう</rt><rp>）</rp></ruby>は五月九日に最後の綱を作りました。</p>';
    expect((await readSound('a.html', source)).text).toBe(
      '港の工場は五月九日に最後の綱を作りました。',
    );
  });

  it('leaves out deleted text and names it', async () => {
    const { document, leftOut } = await read(
      'a.html',
      '<h1>Tolls</h1><p>The toll is <del>nine</del> <ins>four</ins> crowns for a barge.</p>',
    );
    expect(document?.text).toContain('The toll is four crowns for a barge.');
    expect(leftOut.map(({ why }) => why)).toEqual(['deleted text']);
  });

  it('reads all of a page that a program for documents wrote, but remarks, hidden text and marks of notes', async () => {
    const page = `<html><head><meta name=Generator content="Microsoft Word 15"></head><body><p class=MsoTitle>Rules of the quay</p>
      <h1>Fees</h1><p>A boat pays 20.<a href="#_ftn1">[1]</a><span style='mso-hide:all'>Or nothing.</span></p>
      <table><tr><td><p>Boat</p></td><td><p>Fee</p></td></tr><tr><td><p>Aurora</p></td><td><p>20</p></td></tr></table>
      <div style='mso-element:footnote'><p><a href="#_ftnref1">[1]</a> In winter 10.</p></div>
      <div style='mso-element:comment'><p>Who says so?</p></div><p><a href="#cmnt_ref1">[a]</a>Ask the clerk.</p></body></html>`;
    const { document, leftOut } = await read('a.html', page);
    if (document === null) expect.fail('no document');
    expect([document.title, ...blocksOf(document)]).toEqual([
      'Rules of the quay',
      'Rules of the quay',
      'A boat pays 20.',
      'Boat Fee',
      'Aurora 20',
      'In winter 10.',
    ]);
    expect([...new Set(leftOut.map(({ why }) => why))]).toEqual([
      'note mark',
      'hidden',
      'comments',
    ]);
    expectSound(document, page);
  });

  it.each([
    'font-size: 0',
    'position:absolute; left:-9999px',
    'visibility:collapse',
    'display : none',
  ])('leaves out what the style %s hides', async (style) => {
    const document = await readSound(
      'a.html',
      `<p>The pier is closed.</p><p style="${style}">Cheap tickets</p>`,
    );
    expect(blocksOf(document)).toEqual(['The pier is closed.']);
  });

  it('takes a figure without a picture for text', async () => {
    const page =
      '<p>The pier is closed.</p><figure><div>Mind the ice.</div></figure><figure><img src=p.png>The pier</figure>';
    expect(blocksOf(await readSound('a.html', page))).toEqual([
      'The pier is closed.',
      'Mind the ice.',
    ]);
  });

  it('reads a page of more elements than any article has as a whole', async () => {
    const rows = '<tr><td>a<td>b'.repeat(15_000);
    const document = await readSound('a.html', `<nav>Home</nav><table>${rows}</table>`);
    expect(blocksOf(document)).toHaveLength(15_000);
  });

  it('reads a page that is nested beyond reason by the order of its tags, and says so', async () => {
    const page = `<h1>Ropes</h1>${'<div><span>'.repeat(50_000)}<p>The ro<b>pe</b> works &amp; sheds closed.</p><table><td>It rained.`;
    const { document, leftOut } = await read('a.html', page);
    if (document === null) expect.fail('no document');
    expect([document.title, ...blocksOf(document)]).toEqual([
      'Ropes',
      'The rope works & sheds closed.',
      'It rained.',
    ]);
    expect(leftOut[0]?.why).toContain('inside each other');
    expectSound(document, page);
  });
});

const PROSE =
  'The harbour master said that no ship may leave before the ice is measured, and that tugs would go on.';

function block(
  text: string,
  {
    kind = 'paragraph',
    level = 0,
    ...more
  }: Partial<PageBlock> & { kind?: BlockKind; level?: number } = {},
): PageBlock {
  const builder = new BlockBuilder();
  builder.append(text, 0);
  return {
    block: builder.build(kind, level),
    linked: 0,
    timed: 0,
    isOutside: false,
    ...more,
  };
}

function outcome(...blocks: PageBlock[]): { kept: string[]; why: string[] } {
  const reasons = boilerplateOf(blocks);
  return {
    kept: blocks.flatMap(({ block }, index) => (reasons[index] === null ? [block.text] : [])),
    why: reasons.filter((why) => why !== null),
  };
}

describe('boilerplateOf', () => {
  it('keeps lines whatever their words are', () => {
    const lines = [
      'Sign in with your badge.',
      'Read more: the second volume',
      'Images: png and tiff',
      'See also',
    ];
    expect(outcome(block(PROSE), ...lines.map((line) => block(line)))).toEqual({
      kept: [PROSE, ...lines],
      why: [],
    });
  });

  it('drops lines of links, times, separators and captions, with the reason', () => {
    expect(
      outcome(
        block(PROSE),
        block('Ten ports to visit', { linked: 15 }),
        block('4 March, 10:12', { timed: 11 }),
        block('* * *'),
        block('A tug in the ice', { kind: 'caption' }),
        block(PROSE),
      ),
    ).toEqual({
      kept: [PROSE, PROSE],
      why: ['links to other pages', 'date', 'separator', 'caption'],
    });
  });

  it('keeps headings right above text of the article, and nothing else from outside', () => {
    const outside = { isOutside: true };
    expect(
      outcome(
        block(`${PROSE} This is another story.`, outside),
        block('No ship leaves', { kind: 'heading', level: 1, ...outside }),
        block('By Ada Lind', outside),
        block(PROSE),
        block('What follows', { kind: 'heading', level: 2, ...outside }),
        block(PROSE),
        block('Other stories', { kind: 'heading', level: 2, ...outside }),
      ).kept,
    ).toEqual([PROSE, 'What follows', PROSE]);
  });
});

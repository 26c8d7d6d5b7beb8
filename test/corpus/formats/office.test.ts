import { describe, expect, it } from 'vitest';
import { makeArchive } from './make-archive.ts';
import { expectSound } from '../invariants.ts';
import { blocksOf, read, readSound } from '../read.ts';
import { MAX_UNPACKED_BYTES, readDocx, readEpub } from '../../../src/corpus/formats/office.ts';
import { MAX_FILE_BYTES } from '../../../src/corpus/files.ts';
import { linesOf } from '../../../src/corpus/types.ts';

const RELATIONS = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships';

function docx(body: string, core = '', styles = ''): Uint8Array {
  const relation = (id: string, type: string, target: string): string =>
    `<Relationship Id="${id}" Type="${RELATIONS}/${type}" Target="${target}"/>`;
  const relations = (content: string): string =>
    `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">${content}</Relationships>`;
  const part = (name: string, content: string): string =>
    `<w:${name} xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main">${content}</w:${name}>`;
  const style = (id: string, name: string): string =>
    `<w:style w:type="paragraph" w:styleId="${id}"><w:name w:val="${name}"/></w:style>`;
  return makeArchive({
    '[Content_Types].xml':
      '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="xml" ContentType="application/xml"/></Types>',
    '_rels/.rels': relations(relation('r1', 'officeDocument', 'word/document.xml')),
    'word/_rels/document.xml.rels': relations(
      relation('r2', 'footnotes', 'footnotes.xml') + relation('r3', 'styles', 'styles.xml'),
    ),
    'word/document.xml': part('document', `<w:body>${body}</w:body>`),
    'word/styles.xml': part('styles', style('H1', 'heading 1') + style('H2', 'heading 2') + styles),
    'word/footnotes.xml': part(
      'footnotes',
      `<w:footnote w:id="2">${paragraph('The pier dates from 1911.')}</w:footnote>`,
    ),
    'docProps/core.xml': `<cp:coreProperties xmlns:cp="c" xmlns:dc="d" xmlns:dcterms="t">${core}</cp:coreProperties>`,
  });
}

function paragraph(text: string, style = '', more = ''): string {
  const properties = style === '' ? '' : `<w:pPr><w:pStyle w:val="${style}"/></w:pPr>`;
  return `<w:p>${properties}<w:r><w:t>${text}</w:t></w:r>${more}</w:p>`;
}

function table(rows: readonly (readonly string[])[]): string {
  const cells = (row: readonly string[]): string =>
    row
      .map(
        (text) =>
          `<w:tc>${text
            .split('/')
            .map((part) => paragraph(part))
            .join('')}</w:tc>`,
      )
      .join('');
  return `<w:tbl>${rows.map((row) => `<w:tr>${cells(row)}</w:tr>`).join('')}</w:tbl>`;
}

describe('readDocx, by way of readDocument', () => {
  const mark = '<w:r><w:footnoteReference w:id="2"/></w:r>';
  const bytes = docx(
    paragraph('Mooring', 'H1') +
      paragraph('Boats moor at the eastern pier.', '', mark) +
      paragraph('In winter', 'H2') +
      paragraph('Nobody sails &amp; nobody moors.') +
      table([
        ['Station', 'Keeper'],
        ['Altavik', 'Ingrid Vassbotn/and her sons'],
      ]),
    '<dc:title>Rules of the harbour</dc:title><dc:creator>Aksel Thorne</dc:creator><dcterms:created>2023-05-04T10:00:00Z</dcterms:created>',
  );

  it('reads headings, paragraphs, rows and footnotes, a line each', async () => {
    const document = await readSound('a.docx', bytes);
    expect(document.sections.map(({ headings }) => headings)).toEqual([
      ['Mooring'],
      ['Mooring', 'In winter'],
    ]);
    expect(blocksOf(document)).toEqual([
      'Boats moor at the eastern pier.',
      'Nobody sails & nobody moors.',
      'Station Keeper',
      'Altavik Ingrid Vassbotn and her sons',
      'The pier dates from 1911.',
    ]);
    const nobody = document.text.indexOf('Nobody');
    expect(linesOf(document, nobody, nobody + 1)).toEqual([4, 4]);
    const office = await readDocx(bytes);
    expectSound(document, office.decoded);
  });

  it('takes title, author and date from the properties, unless the text is dated', async () => {
    const { document, author } = await read('a.docx', bytes);
    expect([document?.title, document?.date, author]).toEqual([
      'Rules of the harbour',
      '2023-05-04',
      'Aksel Thorne',
    ]);
    const dated = docx(
      paragraph('Altavik, June 3, 2022') + paragraph('The board met today, for the last time.'),
      '<dc:title>Document1</dc:title><dcterms:created>2023-05-04T10:00:00Z</dcterms:created>',
    );
    const second = await readSound('b.docx', dated);
    expect([second.title, second.date]).toEqual([
      'The board met today, for the last time.',
      '2022-06-03',
    ]);
  });

  it('reads text boxes in either form, and each once', async () => {
    const box = (text: string): string => `<w:txbxContent>${paragraph(text)}</w:txbxContent>`;
    const drawing = (inside: string): string =>
      `<w:drawing><wp:anchor xmlns:wp="wp"><a:graphic xmlns:a="a"><wps:wsp xmlns:wps="wps"><wps:txbx>${inside}</wps:txbx><wps:bodyPr/></wps:wsp></a:graphic></wp:anchor></w:drawing>`;
    const forms = (choice: string, fallback = ''): string =>
      `<mc:AlternateContent xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"><mc:Choice Requires="wps">${choice}</mc:Choice>${fallback}</mc:AlternateContent>`;
    const run = (inside: string): string => `<w:p><w:r>${inside}</w:r></w:p>`;
    const document = await readSound(
      'a.docx',
      docx(
        run(forms(drawing(box('The lock opens at six.')))) +
          run(forms(drawing(box('Boats wait.')), `<mc:Fallback><w:pict/></mc:Fallback>`)) +
          run(
            forms(
              drawing(box('The weir is closed.')),
              `<mc:Fallback><w:pict>${box('The weir is closed.')}</w:pict></mc:Fallback>`,
            ),
          ) +
          run(drawing(`${box('Two boxes')}${box('in one drawing.')}`)) +
          run(
            drawing(
              box('The outer box.').replace(
                '</w:p>',
                `<w:r>${drawing(box('The inner box.'))}</w:r></w:p>`,
              ),
            ),
          ) +
          run(box('A box of its own.')),
      ),
    );
    expect(blocksOf(document).map((text) => text.trim())).toEqual([
      'The lock opens at six.',
      'Boats wait.',
      'The weir is closed.',
      'Two boxes',
      'in one drawing.',
      'The outer box.',
      'The inner box.',
      'A box of its own.',
    ]);
  });

  it('leaves out and names hidden and deleted text and comments', async () => {
    const run = (text: string, hidden = ''): string =>
      `<w:r><w:rPr>${hidden}</w:rPr><w:t xml:space="preserve">${text}</w:t></w:r>`;
    const file = docx(
      `<w:p>${run('A boat pays 20.')}${run(' Or nothing.', '<w:vanish/>')}${run(' It pays at once.', '<w:vanish w:val="0"/>')}</w:p>` +
        `<w:p><w:del><w:r><w:delText>In winter 10.</w:delText></w:r></w:del><w:ins>${run('In winter 12.')}</w:ins></w:p>`,
    );
    const { document, leftOut } = await read('a.docx', file);
    if (document === null) expect.fail('no document');
    expect(blocksOf(document)).toEqual(['A boat pays 20. It pays at once.', 'In winter 12.']);
    expect(leftOut.map(({ why }) => why)).toEqual(['hidden', 'deleted text']);
  });

  it('keeps text in fields, directions of writing, and words with a reading, and names the reading', async () => {
    const run = (text: string): string => `<w:r><w:t xml:space="preserve">${text}</w:t></w:r>`;
    const reading = `<w:r><w:ruby><w:rubyPr/><w:rt>${run('はとば')}</w:rt><w:rubyBase>${run('波止場')}</w:rubyBase></w:ruby></w:r>`;
    const file = docx(
      `<w:p>${run('船は')}${reading}${run('に着いた。')}</w:p>` +
        `<w:p>${run('Sealed on ')}<w:fldSimple w:instr="DATE">${run('2 July')}</w:fldSimple><w:dir w:val="ltr">${run(', late')}</w:dir>${run('.')}</w:p>`,
    );
    const { document, leftOut } = await read('a.docx', file);
    if (document === null) expect.fail('no document');
    expect(blocksOf(document)).toEqual(['船は波止場に着いた。', 'Sealed on 2 July, late.']);
    expect(leftOut.map(({ why }) => why)).toEqual(['reading aid']);
  });

  it('reads a formula of one line, and names one that is stacked', async () => {
    const formula = (content: string): string =>
      `<w:p><w:r><w:t xml:space="preserve">The toll is </w:t></w:r><m:oMath>${content}</m:oMath></w:p>`;
    const letter = (text: string): string =>
      `<m:r><m:rPr><m:sty m:val="p"/></m:rPr><m:t>${text}</m:t></m:r>`;
    const fraction = `<m:f><m:num>${letter('a')}</m:num><m:den>${letter('b')}</m:den></m:f>`;
    const file = docx(formula(letter('a') + letter('+b')) + formula(fraction));
    const { document, leftOut } = await read('a.docx', file);
    expect(document?.text).toBe('The toll is a+b\nThe toll is');
    expect(leftOut.map(({ why }) => why)).toEqual(['formula']);
  });

  it('parts words at the end of a page, line or column', async () => {
    const breaks = ['<w:br w:type="page"/>', '<w:cr/>', '<w:br w:type="column"/>', '<w:ptab/>'];
    const between = breaks.map((mark) => `${mark}<w:t>boat</w:t>`).join('');
    const document = await readSound(
      'a.docx',
      docx(`<w:p><w:r><w:t>A</w:t>${between}</w:r></w:p>`),
    );
    expect(document.text.split(/\s/)).toEqual(['A', 'boat', 'boat', 'boat', 'boat']);
  });

  it('knows headings by the level of their style, whatever its name, and that of the style below it', async () => {
    const style = (id: string, properties: string): string =>
      `<w:style w:type="paragraph" w:styleId="${id}"><w:name w:val="Our ${id}"/>${properties}</w:style>`;
    const styles =
      style('Kapitel', '<w:pPr><w:outlineLvl w:val="0"/></w:pPr>') +
      style('Blue', '<w:basedOn w:val="Kapitel"/>') +
      style('Body', '<w:pPr><w:outlineLvl w:val="9"/></w:pPr>');
    const text = paragraph('The boats lie still.', 'Body');
    const document = await readSound(
      'a.docx',
      docx(
        paragraph('Nets', 'Kapitel') + text + paragraph('Oars', 'Blue') + text,
        '<dc:title>The boat house</dc:title>',
        styles,
      ),
    );
    expect(document.sections.map(({ headings }) => headings)).toEqual([['Nets'], ['Oars']]);
  });

  it('reads a part that unpacks to more than a file may have', async () => {
    const space = ' '.repeat(MAX_FILE_BYTES);
    const document = await readSound('a.docx', docx(paragraph('The boats lie still.') + space));
    expect(document.text).toBe('The boats lie still.');
  });

  it('takes short lines above text for headings where none is marked', async () => {
    const long = 'Whoever is older than twelve years can become a member of the club.';
    const lines = ['Rules of the rowing club', '1. Members', long, '2. Boats', long];
    const body = lines.map((line) => paragraph(line)).join('');
    const document = await readSound('a.docx', docx(body));
    expect(document.title).toBe('Rules of the rowing club');
    expect(document.sections.map(({ headings }) => headings)).toEqual([
      ['1. Members'],
      ['2. Boats'],
    ]);
  });

  it('leaves out and names contents and text that a style hides', async () => {
    const style = (type: string, name: string, properties = ''): string =>
      `<w:style w:type="${type}" w:styleId="${name.replace(' ', '')}"><w:name w:val="${name}"/>${properties}</w:style>`;
    const hides = '<w:rPr><w:vanish/></w:rPr>';
    const styles =
      style('paragraph', 'toc 1') +
      style('paragraph', 'TOC Heading') +
      style('paragraph', 'Draft', hides) +
      style('character', 'Remark', hides);
    const remark = '<w:r><w:rPr><w:rStyle w:val="Remark"/></w:rPr><w:t> Ask Ola.</w:t></w:r>';
    const file = docx(
      paragraph('Nobody believes it.', 'Draft') +
        paragraph('Chapters', 'TOCHeading') +
        paragraph('Nets 2', 'toc1') +
        paragraph('Nets', 'H1') +
        paragraph('The nets are dry.', '', remark),
      '',
      styles,
    );
    const { document, leftOut } = await read('a.docx', file);
    expect(document?.text).toBe('Nets\nThe nets are dry.');
    expect(leftOut.map(({ why }) => why)).toEqual(['hidden', 'table of contents', 'hidden']);
  });

  it('leaves out and names text that was moved away', async () => {
    const run = '<w:r><w:t>The bell is cast.</w:t></w:r>';
    const moved = `<w:p><w:moveFrom>${run}</w:moveFrom></w:p><w:p><w:moveTo>${run}</w:moveTo></w:p>`;
    const { document, leftOut } = await read('a.docx', docx(moved));
    expect(document?.text).toBe('The bell is cast.');
    expect(leftOut.map(({ why }) => why)).toEqual(['deleted text']);
  });

  it('refuses what is no DOCX file', async () => {
    expect((await read('a.docx', 'plain text')).problems[0]?.message).toMatch(
      /^expected a DOCX file, found: /,
    );
    const empty = await read('a.docx', makeArchive({ 'word/other.xml': '<a/>' }));
    expect(empty.problems[0]?.message).toMatch(/^expected a DOCX file, found: /);
  });
});

function epub(
  chapters: Readonly<Record<string, string>>,
  { title = 'Lamps of the coast', guide = '' } = {},
): Uint8Array {
  const names = Object.keys(chapters);
  const items = names.map(
    (name) =>
      `<item id="${name}" href="text/${name}.xhtml" media-type="application/xhtml+xml"${name === 'nav' ? ' properties="nav"' : ''}/>`,
  );
  const parts = Object.entries(chapters).map(([name, body]) => [
    `OPS/text/${name}.xhtml`,
    `<?xml version="1.0" encoding="UTF-8"?><html xmlns="http://www.w3.org/1999/xhtml"><head><title/></head><body>${body}</body></html>`,
  ]);
  return makeArchive({
    mimetype: 'application/epub+zip',
    'META-INF/container.xml':
      '<container><rootfiles><rootfile full-path="OPS/book.opf"/></rootfiles></container>',
    'OPS/book.opf': `<package><metadata><dc:title>${title}</dc:title><dc:creator>Marta Eide</dc:creator><dc:date>1999-08-02</dc:date><dc:language>en</dc:language></metadata><manifest>${items.join('')}</manifest><spine>${names.map((name) => `<itemref idref="${name}"/>`).join('')}</spine>${guide}</package>`,
    ...(Object.fromEntries(parts) as Record<string, string>),
  });
}

describe('readEpub, by way of readDocument', () => {
  const bytes = epub({
    nav: '<nav><ol><li>Oil</li><li>Bells</li></ol></nav>',
    oil: '<h1>Oil</h1><p id="a"/><p>Whale oil was burnt<a epub:type="noteref" href="#n1">1</a> until 1861.</p><aside epub:type="footnote" id="n1"><p>Or seal oil.</p></aside>',
    bells:
      '<h1>Bells</h1><ul><li>by hand</li><li>by the mill</li></ul><table><tr><td><p>Altavik</p></td><td><p>two</p><p>bells</p></td></tr></table>',
  });

  it('reads the chapters in the order of the book, with notes, lists and rows', async () => {
    const { document, leftOut, author, language } = await read('a.epub', bytes);
    if (document === null) expect.fail('no document');
    expect(blocksOf(document)).toEqual([
      'Whale oil was burnt until 1861.',
      'Or seal oil.',
      'by hand',
      'by the mill',
      'Altavik two bells',
    ]);
    expect(document.sections.map(({ headings }) => headings)).toEqual([['Oil'], ['Bells']]);
    expect([document.title, document.date, author, language]).toEqual([
      'Lamps of the coast',
      '1999-08-02',
      'Marta Eide',
      'en',
    ]);
    expect(leftOut).toEqual([{ lines: [1, 1], why: 'table of contents' }]);
    const office = await readEpub(bytes);
    expectSound(document, office.decoded);
  });

  it('leaves out and names contents, page numbers and hidden text of an older book', async () => {
    const book = epub({
      contents: '<section epub:type="toc"><p>Oil</p></section>',
      oil: '<p>Whale oil <span epub:type="pagebreak">12</span>was burnt.</p><p style="display:none">Cheap.</p>',
    });
    const { document, leftOut } = await read('a.epub', book);
    expect(document?.text).toBe('Whale oil was burnt.');
    expect(leftOut.map(({ why }) => why)).toEqual(['table of contents', 'page number', 'hidden']);
  });

  it('leaves out a list of links that the book calls its contents, but no text', async () => {
    const contents = '<h1>Chapters</h1><p><a href="oil.xhtml">Of the oil that is burnt</a></p>';
    const guide = '<guide><reference type="toc" href="text/first.xhtml#top"/></guide>';
    const oil = '<h1>Oil</h1><p>Whale oil was burnt until the mill was built.</p>';
    const apart = await read('a.epub', epub({ first: contents, oil }, { guide }));
    expect(apart.document?.text).toBe('Oil\nWhale oil was burnt until the mill was built.');
    expect(apart.leftOut.map(({ why }) => why)).toEqual(['table of contents']);
    const whole = await read('a.epub', epub({ first: contents + oil }, { guide }));
    expect(whole.document?.text).toContain('Whale oil was burnt');
  });

  it("has the book's title, also one of a word", async () => {
    const chapters = { oil: '<h1>Oil</h1><p>Whale oil was burnt.</p>' };
    const titleOf = async (title: string): Promise<string | undefined> =>
      (await read('a.epub', epub(chapters, { title }))).document?.title;
    expect(await titleOf('Lamps')).toBe('Lamps');
    expect(await titleOf('灯')).toBe('灯');
    expect(await titleOf('Untitled')).toBe('Oil');
  });

  it('refuses archives that unpack to more than the limit, or to more than they say', async () => {
    const large = ' '.repeat(MAX_UNPACKED_BYTES + 1);
    const bomb = await read('a.epub', makeArchive({ 'META-INF/container.xml': large }));
    expect(bomb.problems[0]?.message).toContain('at most 16 MiB, found more');
    const liar = makeArchive({ 'META-INF/container.xml': large }, { claimed: 1000 });
    expect((await read('a.epub', liar)).problems[0]?.message).toMatch(
      /^expected an EPUB file, found: /,
    );
  });
});

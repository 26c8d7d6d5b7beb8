import { describe, expect, it } from 'vitest';
import { readFrontMatter } from '../../../src/corpus/formats/front-matter.ts';

const MEETING = `---
id: blinken
kind: meeting
order: 34
title: Meeting with Antony Blinken
date: 2024-01-12
city: Washington D.C.
country: United States
coordinates: [38.91, -77.04]
people:
  - name: Antony Blinken
    title: Secretary of State
topics: [alliance]
sources: [mofa-us-fm]
---
Body
`;

function problemsOf(text: string): string[] {
  return readFrontMatter(text, 'a.md').problems.map(
    ({ line, column, message }) => `${line}:${column} ${message}`,
  );
}

describe('readFrontMatter', () => {
  it('reads a meeting and says where the body begins', () => {
    const { fields, bodyStart, problems, lines } = readFrontMatter(MEETING, 'a.md');
    expect(problems).toEqual([]);
    expect(fields).toMatchObject({
      id: 'blinken',
      kind: 'meeting',
      order: 34,
      coordinates: [38.91, -77.04],
    });
    expect(MEETING.slice(bodyStart)).toBe('Body\n');
    expect(lines.keys.get('order')).toBe(4);
    expect(lines.sources.get('mofa-us-fm')).toBe(14);
  });

  it('reads Japanese names and related documents', () => {
    const text = MEETING.replace(
      'topics:',
      '    ja: アントニー・ブリンケン\nja: { title: 日米外相会談, city: ワシントンD.C. }\nrelated: [sullivan]\ntopics:',
    );
    const { fields, problems } = readFrontMatter(text, 'a.md');
    expect(problems).toEqual([]);
    expect(fields).toMatchObject({
      related: ['sullivan'],
      ja: { title: '日米外相会談', city: 'ワシントンD.C.' },
      people: [{ name: 'Antony Blinken', ja: 'アントニー・ブリンケン' }],
    });
    expect(problemsOf(text.replace('city: ワ', 'town: ワ'))).toEqual([
      expect.stringMatching(/^14:\d+ front matter, "ja": found the unknown key "town"/),
    ]);
  });

  it.each([
    ['JSON', '{\n  "title": "The quay",\n  "date": "2021-03-04"\n}\n'],
    ['lines below empty ones', '\n\n---\ntitle: The quay\ndate: 4 March 2021\n---\n'],
    ['a date with other signs', '---\ntitle: The quay\ndate: 2021/3/4 10:00\n---\n'],
    ['TOML', '+++\ntitle = "The quay"\ndate = 2021-03-04T22:00:00-03:00\n+++\n'],
  ])('reads %s', (_name, written) => {
    const { fields, bodyStart, warnings } = readFrontMatter(`${written}Body\n`, 'a.md');
    expect([fields, warnings]).toMatchObject([{ title: 'The quay', date: '2021-03-04' }, []]);
    expect(bodyStart).toBe(written.length);
  });

  it('takes a number for a title, and names the line of what it cannot parse', () => {
    expect(readFrontMatter('---\ntitle: 1912\n---\n', 'a.md').fields).toMatchObject({
      title: '1912',
    });
    const { fields, warnings } = readFrontMatter('\n---\ntitle: @quay\n---\nBody\n', 'a.md');
    expect(fields).toMatchObject({ title: '@quay' });
    expect(warnings).toMatchObject([
      { line: 3, message: expect.stringContaining('in quotes.') as string },
    ]);
    expect(readFrontMatter('{\n  "a": [\n}\nBody\n', 'a.md').warnings).toMatchObject([{ line: 3 }]);
  });

  it('reads a time zone, and refuses one that does not exist', () => {
    const withZone = (zone: string): string =>
      MEETING.replace('topics:', `timeZone: ${zone}\ntopics:`);
    expect(readFrontMatter(withZone('America/New_York'), 'a.md').fields).toMatchObject({
      timeZone: 'America/New_York',
    });
    expect(problemsOf(withZone('Washington'))[0]).toContain('expected a time zone such as');
  });

  it('reads it with CRLF all the same', () => {
    const text = MEETING.replaceAll('\n', '\r\n');
    const { fields, bodyStart } = readFrontMatter(text, 'a.md');
    expect(fields).toMatchObject({ id: 'blinken' });
    expect(text.slice(bodyStart)).toBe('Body\r\n');
  });

  it('places wrong YAML by line and column', () => {
    expect(problemsOf('---\nkind: meeting\ntopics: [a, b\ndate: 2024\n---\nBody\n')[0]).toMatch(
      /^[34]:\d+ front matter: expected YAML, found/,
    );
  });

  it('places each wrong value, missing key and unknown key', () => {
    const text = MEETING.replace('2024-01-12', '2024-02-30')
      .replace('order: 34\n', '')
      .replace('topics:', 'topcis:')
      .replace('-77.04', '-777');
    expect(problemsOf(text)).toEqual([
      '1:1 front matter, "order": expected a number, found nothing. Add the key.'.replace(
        '1:1',
        '2:1',
      ),
      '5:7 front matter, "date": expected a day that exists, found "2024-02-30". Correct the value.',
      expect.stringMatching(/^8:22 front matter, "coordinates\[1\]"/),
      '2:1 front matter, "topics": expected a list, found nothing. Add the key.',
      '12:1 front matter: found the unknown key "topcis". Correct its spelling or remove it.',
    ]);
  });

  it('names what is wrong in the other fields beside one that is no YAML or there twice', () => {
    const text = MEETING.replace('title: M', 'title: "M').replace('order: 34', 'order: first');
    const found = [
      expect.stringMatching(/^5:\d+ front matter: expected YAML, found: Missing closing "quote/),
      '4:8 front matter, "order": expected a number, found "first". Correct the value.',
    ];
    expect(problemsOf(text)).toEqual(found);
    const { partial } = readFrontMatter(text.replace('id: blinken', 'id: []'), 'a.md');
    expect(partial).toMatchObject({ id: null, order: null, sources: ['mofa-us-fm'] });
    const twice = MEETING.replace('order: 34\n', 'order: first\ncity: D.C.\n');
    expect(problemsOf(twice)).toEqual([
      expect.stringMatching(/^8:1 front matter: expected YAML, found: Map keys must be unique/),
      '4:8 front matter, "order": expected a number, found "first". Correct the value.',
    ]);
  });

  it.each(['Meeting', 'meating'])('asks for the kind that %s is a slip of', (kind) => {
    const text = MEETING.replace('kind: meeting', `kind: ${kind}`);
    expect(problemsOf(text)).toEqual([
      `3:7 front matter, "kind": expected meeting, found "${kind}". Correct the value.`,
    ]);
  });

  it.each(['25:99', '9.40', '10 a.m.'])('knows no hour %s', (hour) => {
    const text = MEETING.replace('order: 34\n', `order: 34\nlocalStart: "${hour}"\n`);
    expect(problemsOf(text).join()).toContain('expected a time such as 09:40');
  });

  it('reports a missing closing line, but not after a horizontal rule', () => {
    expect(problemsOf('---\nkind: meeting\n\nBody\n')).toEqual([
      expect.stringMatching(/^1:1 .*closing line/),
    ]);
    expect(problemsOf('---\nA page that begins with a rule\n\n---\n\nIt goes on.\n')).toEqual([]);
  });

  it('takes what fits from the front matter of another program', () => {
    const { fields, problems } = readFrontMatter(
      '---\ntitle: A page\nlayout: post\ndate: yesterday\ntags: [x]\n---\nBody\n',
      'a.md',
    );
    expect(problems).toEqual([]);
    expect(fields).toMatchObject({ title: 'A page', date: null });
    const kept = readFrontMatter('---\n{{ title }}: "{{ x }}"\n---\nBody\n', 'a.md');
    expect([kept.problems, kept.warnings]).toEqual([[], []]);
    const timed = readFrontMatter('---\ndate: 2024-01-09T10:00:00Z\n---\nBody\n', 'a.md');
    expect(timed.fields).toMatchObject({ date: '2024-01-09' });
    const kind = readFrontMatter('---\nkind: note\n---\nBody\n', 'a.md').fields?.kind;
    expect(kind).toBeUndefined();
  });

  it('reads TOML between plus signs', () => {
    const text = '+++\ntitle = "Tides"\ndate = 2021-03-04\ntags = ["sea"]\n+++\nBody\n';
    const { fields, bodyStart, problems, warnings } = readFrontMatter(text, 'a.md');
    expect([problems, warnings]).toEqual([[], []]);
    expect(fields).toMatchObject({ title: 'Tides', date: '2021-03-04' });
    expect(text.slice(bodyStart)).toBe('Body\n');
  });

  it.each([
    ['a tab', '---\ntitle: Boats\n\tdate: 2020-02-03\n---\nBody\n', 'Boats', 3],
    ['a colon', '---\ntitle: Boats: a list\ndate: 2020-02-03\n---\nBody\n', 'Boats: a list', 2],
    ['a bracket', '---\ntags: [a\ntitle: "Boats"\ndate: 2020-02-03\n---\nBody\n', 'Boats', 3],
    ['broken TOML', '+++\ntitle = "Boats"\ndate = 2020-02-03\nx = \n+++\nBody\n', 'Boats', 4],
  ])('takes title and date of foreign front matter with %s, and warns', (_, text, title, line) => {
    const { fields, problems, warnings, bodyStart } = readFrontMatter(text, 'a.md');
    expect(problems).toEqual([]);
    expect(warnings.map((warning) => warning.line)).toEqual([line]);
    expect(fields).toMatchObject({ title, date: '2020-02-03' });
    expect(text.slice(bodyStart)).toBe('Body\n');
  });
});

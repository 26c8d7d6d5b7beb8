import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { markdownHtml } from '../../../tools/docs-pictures/markdown.ts';
import { escapeLine } from '../../../src/discord/text.ts';

const reader = {
  locale: 'en-GB',
  timeZone: 'Europe/London',
  now: Date.UTC(2024, 0, 14),
};

function html(text: string): string {
  return markdownHtml(text, reader);
}

describe('Discord’s Markdown as HTML', () => {
  it('sets headings, subtext, quotes and lists as blocks', () => {
    expect(html('### A\n-# small\n> one\n> two\n- x\n  -# y')).toBe(
      '<h3>A</h3><small>small</small><blockquote><p>one</p><p>two</p></blockquote>' +
        '<ul><li><p>x</p><small>y</small></li></ul>',
    );
  });

  it('sets bold, code and links, one inside the other', () => {
    expect(html('**a `b`** [c *d*](<https://example.org/x>)')).toBe(
      '<p><b>a <code>b</code></b> <a>c <i>d</i></a></p>',
    );
  });

  it('writes timestamps on the reader’s clock', () => {
    const at = Date.UTC(2024, 0, 12, 18, 30) / 1000;
    expect(html(`<t:${at}:F>`)).toMatch(/Friday,? 12 January 2024,? at 18:30/);
    expect(html(`<t:${at}:R>`)).toContain('yesterday');
  });

  it('leaves a mark that never closes as it is', () => {
    expect(html('2 * 3 * 4 and snake_case **')).toBe('<p>2 * 3 * 4 and snake_case **</p>');
  });

  it('shows any text that the bot made inert as plain letters', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        expect(html(escapeLine(text))).not.toMatch(/<(?!\/?p>)/);
      }),
    );
  });
});

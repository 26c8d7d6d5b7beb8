import { describe, expect, it } from 'vitest';
import { MOST_EXCERPTS } from '../../src/engine.ts';
import { parseAskArguments } from '../../src/terminal/ask-arguments.ts';

const nothing = { json: false, k: null, meeting: null, source: null };

describe('parseAskArguments', () => {
  it('reads a question', () => {
    expect(parseAskArguments(['Who is she?'])).toEqual({
      ...nothing,
      ask: { question: 'Who is she?' },
    });
  });

  it('reads every option, before and after the question', () => {
    const args = ['--json', '--k', '5', 'Who?', '--meeting', 'blinken', '--source', 'mofa'];
    expect(parseAskArguments(args)).toEqual({
      json: true,
      k: 5,
      meeting: 'blinken',
      source: 'mofa',
      ask: { question: 'Who?' },
    });
  });

  it('takes words without quotation marks for one question', () => {
    expect(parseAskArguments(['who', 'is', 'she'])?.ask).toEqual({ question: 'who is she' });
  });

  it('reads a question that starts with a dash after --', () => {
    expect(parseAskArguments(['--', '-5 degrees?'])?.ask).toEqual({ question: '-5 degrees?' });
  });

  it('reads the name of a file of questions', () => {
    expect(parseAskArguments(['--questions', '-'])?.ask).toEqual({ file: '-' });
  });

  it('gives null when help is wanted, whatever else is wrong', () => {
    expect(parseAskArguments(['--help'])).toBeNull();
    expect(parseAskArguments(['-h', '--k', 'x'])).toBeNull();
  });

  it.each([
    [[], /Expected a question, got none/],
    [['--json'], /Expected a question, got none/],
    [['--questions', 'f.txt', 'Who?'], /got both: "Who\?" and "f\.txt"/],
    [['--k', '0', 'Who?'], /from 1 to 25, got "0"/],
    [['--k', `${MOST_EXCERPTS + 1}`, 'Who?'], /from 1 to 25, got "26"/],
    [['--k', '1.5', 'Who?'], /got "1\.5"/],
    [['--k', '', 'Who?'], /got ""/],
    [['--verbose', 'Who?'], /--verbose/],
    [['Who?', '--meeting'], /--meeting/],
  ])('refuses %j and says why', (args, message) => {
    expect(() => parseAskArguments(args)).toThrow(
      expect.objectContaining({
        code: 'USAGE',
        message: expect.stringMatching(message) as string,
        hint: expect.stringContaining('--help') as string,
      }),
    );
  });

  it('allows as many excerpts as the engine', () => {
    expect(parseAskArguments(['--k', `${MOST_EXCERPTS}`, 'Who?'])?.k).toBe(MOST_EXCERPTS);
  });
});

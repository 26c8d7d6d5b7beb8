import { describe, expect, it } from 'vitest';
import { MOST_EXCERPTS } from '../../src/engine.ts';
import { ASK_ARGS, askArguments, type AskArguments } from '../../src/terminal/ask.ts';
import { parseArguments } from '../../src/terminal/command-line.ts';

function parse(args: readonly string[]): AskArguments {
  return askArguments(parseArguments(ASK_ARGS, args));
}

const nothing = { json: false, k: null, meeting: null, source: null };

describe('the arguments of npm run ask', () => {
  it('reads a question', () => {
    expect(parse(['Who is she?'])).toEqual({
      ...nothing,
      ask: { question: 'Who is she?' },
    });
  });

  it('reads every option, before and after the question', () => {
    const args = ['--json', '--k', '5', 'Who?', '--meeting', 'blinken', '--source', 'mofa'];
    expect(parse(args)).toEqual({
      json: true,
      k: 5,
      meeting: 'blinken',
      source: 'mofa',
      ask: { question: 'Who?' },
    });
  });

  it('takes words without quotation marks for one question', () => {
    expect(parse(['who', 'is', 'she']).ask).toEqual({ question: 'who is she' });
  });

  it('reads a question that starts with a dash after --', () => {
    expect(parse(['--', '-5 degrees?']).ask).toEqual({ question: '-5 degrees?' });
  });

  it('reads the name of a file of questions', () => {
    expect(parse(['--questions', '-']).ask).toEqual({ file: '-' });
  });

  it.each([
    [[], /Expected a question, found none/],
    [['--json'], /Expected a question, found none/],
    [['--questions', 'f.txt', 'Who?'], /found both: "Who\?" and "f\.txt"/],
    [['--k', '0', 'Who?'], /from 1 to 25, found "0"/],
    [['--k', `${MOST_EXCERPTS + 1}`, 'Who?'], /from 1 to 25, found "26"/],
    [['--k', '1.5', 'Who?'], /found "1\.5"/],
    [['--k', '', 'Who?'], /found ""/],
    [['--verbose', 'Who?'], /--verbose/],
    [['Who?', '--meeting'], /--meeting/],
  ])('refuses %j and says why', (args, message) => {
    expect(() => parse(args)).toThrow(
      expect.objectContaining({
        code: 'USAGE',
        message: expect.stringMatching(message) as string,
      }),
    );
  });

  it('allows as many excerpts as the engine', () => {
    expect(parse(['--k', `${MOST_EXCERPTS}`, 'Who?']).k).toBe(MOST_EXCERPTS);
  });
});

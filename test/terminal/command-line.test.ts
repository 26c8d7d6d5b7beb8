import type { ArgsDef } from 'citty';
import { describe, expect, it } from 'vitest';
import { everyValue, parseArguments, wholeNumber } from '../../src/terminal/command-line.ts';

const OPTIONS = {
  json: { type: 'boolean' },
  'dry-run': { type: 'boolean' },
  set: { type: 'string' },
  limit: { type: 'string', default: '50' },
} as const satisfies ArgsDef;

const WITH_WORDS = {
  ...OPTIONS,
  question: { type: 'positional', required: false },
} as const satisfies ArgsDef;

describe('parseArguments', () => {
  it('reads options with a space or an equals sign, and defaults', () => {
    expect(parseArguments(OPTIONS, ['--json', '--dry-run', '--set', 'a'])).toMatchObject({
      json: true,
      'dry-run': true,
      set: 'a',
      limit: '50',
    });
    expect(parseArguments(OPTIONS, ['--set=a', '--limit=3'])).toMatchObject({
      set: 'a',
      limit: '3',
    });
    expect(parseArguments(OPTIONS, ['--set', '-'])).toMatchObject({ set: '-' });
  });

  it('reads a value that starts with a dash after an equals sign', () => {
    expect(parseArguments(OPTIONS, ['--set=--json'])).toMatchObject({ set: '--json' });
  });

  it('takes everything after -- for arguments', () => {
    const { json, question, _ } = parseArguments(WITH_WORDS, ['--', '--json', '-5', 'degrees?']);
    expect({ json, question, _ }).toEqual({
      json: undefined,
      question: '--json',
      _: ['--json', '-5', 'degrees?'],
    });
  });

  it.each([
    [['--verbose'], 'Expected one of --json, --dry-run, --set, --limit, --help, found --verbose.'],
    [['-j'], 'Expected one of --json, --dry-run, --set, --limit, --help, found -j.'],
    [['--no-json'], 'found --no-json.'],
    [['--dryRun'], 'found --dryRun.'],
    [['--constructor'], 'found --constructor.'],
    [['--json=yes'], 'Expected --json without a value, found "yes".'],
    [['--set'], 'Expected a value after --set, found none.'],
    [['--set='], 'Expected a value after --set, found none.'],
    [['--set', ''], 'Expected a value after --set, found none.'],
    [['--set', '--json'], 'Expected a value after --set, found --json'],
    [['--limit', '1', '--limit=2'], 'Expected --limit once, found it again with "2".'],
    [['word'], 'Expected no arguments but options, found "word".'],
    [['--', 'word'], 'Expected no arguments but options, found "word".'],
  ])('refuses %j and says what it expected and found', (args, message) => {
    expect(() => parseArguments(OPTIONS, args)).toThrow(
      expect.objectContaining({
        code: 'USAGE',
        message: expect.stringContaining(message) as string,
      }),
    );
  });

  it('names --help where there are no options', () => {
    expect(() => parseArguments({}, ['--verbose'])).toThrow('Expected --help, found --verbose.');
  });

  it('does not take the name of a positional argument for an option', () => {
    expect(() => parseArguments(WITH_WORDS, ['--question', 'Who?'])).toThrow('found --question.');
  });
});

describe('everyValue', () => {
  it('gives all values of an option in order', () => {
    const args = ['--set', 'a', '--json', '--set=b', '--', '--set', 'c'];
    expect(everyValue(WITH_WORDS, args, 'set')).toEqual(['a', 'b']);
    expect(everyValue(WITH_WORDS, [], 'set')).toEqual([]);
  });
});

describe('wholeNumber', () => {
  it('reads whole numbers in the range', () => {
    expect(wholeNumber('--k', '1', { from: 1, to: 25 })).toBe(1);
    expect(wholeNumber('--k', '25', { from: 1, to: 25 })).toBe(25);
  });

  it.each(['0', '26', '1.5', '1e1', '-3', 'x', '', ' 3'])('refuses %j', (text) => {
    expect(() => wholeNumber('--k', text, { from: 1, to: 25 })).toThrow(
      `Expected --k to be a whole number from 1 to 25, found "${text}".`,
    );
  });
});

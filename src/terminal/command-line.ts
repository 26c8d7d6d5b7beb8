/**
 * What all command lines share: options, help, errors, progress. citty defines options and renders `--help`; its parser
 * accepts unknown options and options without a value, so both are refused here first.
 */
import { parseArgs as tokensOf, stripVTControlCharacters } from 'node:util';
import { parseArgs, renderUsage, type ArgsDef, type ParsedArgs } from 'citty';
import { DragomanError, describeError, systemCodeOf } from '../errors.ts';
import { printable } from './text.ts';

const HELP = { type: 'boolean', alias: 'h', description: 'Print this text' } as const;

const EXIT_CODES =
  'Exit codes: 0 done, 1 the input or the state is wrong (the message says what to do), 2 wrong usage.';

/** One npm script. `Args` are citty's definitions of its options and positional arguments. */
interface CommandLine<Args extends ArgsDef> {
  /** How it is typed, up to its options: `npm run ask --`. */
  readonly name: string;
  readonly description: string;
  readonly args: Args;
  readonly run: (args: ParsedArgs<Args>, rawArgs: readonly string[]) => Promise<void>;
  /** Does not stop when nobody reads its output (`… | head -1`), because its result is something else. */
  readonly outputIsOptional?: boolean;
}

/** Prints help, or runs the command and turns what it throws into a message on standard error and an exit code. */
export async function runCommandLine<const Args extends ArgsDef>(
  command: CommandLine<Args>,
): Promise<void> {
  const { name, args, run, outputIsOptional = false } = command;
  const rawArgs = process.argv.slice(2);
  onClosed(process.stdout, outputIsOptional ? 'continue' : 'exit');
  onClosed(process.stderr, 'continue');
  try {
    if (asksForHelp(rawArgs)) await printHelp(command);
    else await run(parseArguments(args, rawArgs), rawArgs);
  } catch (error) {
    fail(error, name);
  }
}

/** A USAGE error; {@link runCommandLine} adds where to find the help. */
export function usageError(message: string): DragomanError {
  return new DragomanError('USAGE', message);
}

/**
 * Options and positional arguments by name; positional ones also in `_`.
 *
 * @throws DragomanError USAGE for unknown or repeated options, missing or superfluous values, unexpected arguments
 */
export function parseArguments<const Args extends ArgsDef>(
  defined: Args,
  rawArgs: readonly string[],
): ParsedArgs<Args> {
  const given = new Set<string>();
  for (const token of tokenise(defined, rawArgs)) {
    if (token.kind === 'positional') {
      if (Object.values(defined).some(({ type }) => type === 'positional')) continue;
      throw usageError(`Expected no arguments but options, found "${token.value}".`);
    }
    if (token.kind !== 'option') continue;
    const { name, rawName, value, inlineValue } = token;
    const type = Object.hasOwn(defined, name) ? defined[name]?.type : undefined;
    if (type === undefined || type === 'positional') {
      throw usageError(`Expected ${optionsOf(defined)}, found ${rawName}.`);
    }
    if (type === 'boolean') {
      if (value === undefined) continue;
      throw usageError(`Expected ${rawName} without a value, found "${value}".`);
    }
    if (value === undefined || value === '') {
      throw usageError(`Expected a value after ${rawName}, found none.`);
    }
    if (given.has(name) && !mayBeRepeated(defined[name]?.description)) {
      throw usageError(`Expected ${rawName} once, found it again with "${value}".`);
    }
    given.add(name);
    if (!inlineValue && /^-./.test(value)) {
      throw usageError(
        `Expected a value after ${rawName}, found ${value} (a value that starts with a dash: ${rawName}=VALUE).`,
      );
    }
  }
  return parseArgs<Args>([...rawArgs], defined);
}

/** As its help says. */
const mayBeRepeated = (description = ''): boolean => description.includes('may be repeated');

/** Every value of an option that may be repeated; citty keeps the last one. */
export function everyValue(defined: ArgsDef, rawArgs: readonly string[], option: string): string[] {
  return tokenise(defined, rawArgs).flatMap((token) =>
    token.kind === 'option' && token.name === option ? [token.value ?? ''] : [],
  );
}

/** @throws DragomanError USAGE */
export function wholeNumber(
  option: string,
  text: string,
  { from, to = Infinity }: { readonly from: number; readonly to?: number },
): number {
  const value = Number(text);
  if (/^\d+$/.test(text) && value >= from && value <= to) return value;
  const range = to === Infinity ? `from ${from} on` : `from ${from} to ${to}`;
  throw usageError(`Expected ${option} to be a whole number ${range}, found "${text}".`);
}

function tokenise(defined: ArgsDef, rawArgs: readonly string[]) {
  const options = Object.entries(defined).flatMap(([name, { type }]) =>
    type === 'positional'
      ? []
      : [[name, { type: type === 'boolean' ? 'boolean' : 'string' }] as const],
  );
  return tokensOf({
    args: [...rawArgs],
    options: Object.fromEntries(options),
    allowPositionals: true,
    strict: false,
    tokens: true,
  }).tokens;
}

function asksForHelp(rawArgs: readonly string[]): boolean {
  const before = rawArgs.slice(0, [...rawArgs, '--'].indexOf('--'));
  return before.some((arg) => arg === '--help' || arg === '-h');
}

function optionsOf(defined: ArgsDef): string {
  const named = Object.entries(defined).filter(([, { type }]) => type !== 'positional');
  const options = [...named.map(([name]) => `--${name}`), '--help'];
  return options.length === 1 ? '--help' : `one of ${options.join(', ')}`;
}

async function printHelp(command: Pick<CommandLine<ArgsDef>, 'name' | 'description' | 'args'>) {
  const { name, description, args } = command;
  const shown = await renderUsage({ meta: { name, description }, args: { ...args, help: HELP } });
  // citty adds the name to the description.
  const usage = shown.replace(` (${name})`, '');
  const isColoured = process.stdout.isTTY && process.stdout.hasColors();
  const text = isColoured ? usage : stripVTControlCharacters(usage);
  process.stdout.write(`${text.replace(/ +$/gm, '').trimEnd()}\n\n${EXIT_CODES}\n`);
}

/** A defect is shown with its stack, because somebody has to find it. */
function fail(error: unknown, name: string): void {
  const isUsage = error instanceof DragomanError && error.code === 'USAGE';
  process.exitCode = isUsage ? 2 : 1;
  const hint = isUsage && error.hint === null ? `\n  See \`${name} --help\`.` : '';
  process.stderr.write(`${printable(failureText(error))}${hint}\n`);
}

function failureText(error: unknown): string {
  if (error instanceof DragomanError || !(error instanceof Error)) return describeError(error);
  // A file or folder that the system refuses to read or write: full disk, no permission, not a folder.
  const path = 'path' in error && systemCodeOf(error) !== null ? String(error.path) : null;
  if (path === null) return error.stack ?? error.message;
  return `${error.message}\n  Check ${path}, and the settings that name a file or folder.`;
}

/** Closing the pipe early (`… | head -1`) is not an error. */
function onClosed(stream: NodeJS.WriteStream, then: 'exit' | 'continue'): void {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
    if (then === 'exit') process.exit(0);
  });
}

/** How something looks to the person who waits for it. */
export interface Progress {
  readonly update: (label: string, done: number, total: number) => void;
  /** Leaves the terminal as it was. */
  readonly stop: () => void;
}

/** A bar on a terminal, plain lines elsewhere. */
export async function showProgress(stream: NodeJS.WriteStream): Promise<Progress> {
  return stream.isTTY ? barOn(stream) : linesOn(stream);
}

async function barOn(stream: NodeJS.WriteStream): Promise<Progress> {
  const { Presets, SingleBar } = (await import('cli-progress')).default;
  const bar = new SingleBar(
    {
      stream,
      format: '{label} [{bar}] {value}/{total}, {eta_formatted} left',
      barsize: 30,
      clearOnComplete: true,
      hideCursor: true,
    },
    Presets.legacy,
  );
  let running: string | null = null;
  const stop = (): void => {
    if (running !== null) bar.stop();
    running = null;
  };
  return {
    update: (label, done, total) => {
      if (running !== label) {
        stop();
        bar.start(total, done, { label });
        running = label;
      } else {
        bar.update(done);
      }
      if (done >= total) stop();
    },
    stop,
  };
}

/** A line for each tenth of what is large, with the time left, and one at each end. */
function linesOn(stream: NodeJS.WritableStream): Progress {
  let last = '';
  let begun = { label: '', at: 0, done: 0 };
  return {
    update: (label, done, total) => {
      if (begun.label !== label) begun = { label, at: performance.now(), done };
      const tenth = total < 1000 ? 0 : Math.floor((10 * done) / total);
      if (done < total && tenth === 0) return;
      const key = `${label} ${done < total ? tenth : 'done'}`;
      if (key === last) return;
      last = key;
      const minutes =
        ((performance.now() - begun.at) * (total - done)) / Math.max(1, done - begun.done) / 60_000;
      const left = done < total ? `, ${Math.ceil(minutes)} min left` : '';
      stream.write(`${label}: ${done} of ${total}${left}\n`);
    },
    stop: () => undefined,
  };
}

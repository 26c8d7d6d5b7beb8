import { parseArgs, type ParseArgsConfig } from 'node:util';
import { DragomanError } from '../errors.ts';

/** An option that is there or not. */
export const FLAG = { type: 'boolean', default: false } as const;

/** A USAGE error that points to the help of an npm script. */
export function usageError(script: string, message: string): DragomanError {
  return new DragomanError('USAGE', message, { hint: `See \`npm run ${script} -- --help\`.` });
}

/**
 * The arguments of an npm script.
 *
 * @throws DragomanError USAGE for options that it does not have, or that lack their value
 */
export function parseScriptArguments<const Config extends ParseArgsConfig>(
  script: string,
  config: Config,
): ReturnType<typeof parseArgs<Config>> {
  try {
    return parseArgs(config);
  } catch (cause) {
    throw usageError(script, cause instanceof Error ? cause.message : String(cause));
  }
}

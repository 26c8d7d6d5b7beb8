/** What a corpus says of itself: `about.yaml`, in the words in which the bot presents itself and its commands. */
import { parse } from 'yaml';
import { z } from 'zod';
import { messageOf } from '../errors.ts';
import { readFound, type FileFound } from './files.ts';
import { decode } from './formats/decode.ts';
import { problem } from './problems.ts';
import type { About, Problem } from './types.ts';

/** Lengths in UTF-16 units. A topic is part of a command's name, which Discord limits to 32. */
const phrase = (most: number) => z.string().trim().min(1).max(most);
const words = z.strictObject({ subject: phrase(200), topic: phrase(24) });

export const aboutSchema = z.object({ en: words, ja: words });

/** Of a corpus that says nothing of itself. */
export const UNNAMED: About = {
  en: { subject: 'the documents that I was given', topic: 'the documents' },
  ja: { subject: '与えられた文書', topic: '文書' },
};

const fileSchema = z.strictObject({ en: words.optional(), ja: words.optional() });

/** Reads `about.yaml`. A language that it leaves out, or all without a file, has the words of `UNNAMED`. */
export async function readAbout(
  file: FileFound | null,
): Promise<{ readonly about: About; readonly problems: readonly Problem[] }> {
  if (file === null) return { about: UNNAMED, problems: [] };
  const refused = (message: string) => ({
    about: UNNAMED,
    problems: [problem(file.path, message)],
  });
  const bytes = await readFound(file);
  if (!(bytes instanceof Uint8Array)) return { about: UNNAMED, problems: [bytes] };
  const decoded = decode(bytes);
  if (!decoded.ok) {
    const { failure } = decoded;
    return { about: UNNAMED, problems: [problem(file.path, failure.message, failure)] };
  }
  let content: unknown;
  try {
    content = parse(decoded.text, { maxAliasCount: 0 });
  } catch (error) {
    return refused(`expected YAML, found: ${messageOf(error)}`);
  }
  const result = fileSchema.safeParse(content);
  if (!result.success) return refused(z.prettifyError(result.error).replaceAll('\n', ' '));
  return { about: { ...UNNAMED, ...withoutGaps(result.data) }, problems: [] };
}

function withoutGaps({ en, ja }: z.infer<typeof fileSchema>): Partial<About> {
  return { ...(en === undefined ? {} : { en }), ...(ja === undefined ? {} : { ja }) };
}

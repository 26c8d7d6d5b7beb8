import { writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { PROJECT_FOLDER, readConfig } from '../src/config.ts';
import { openEmbedder } from '../src/embedding/open-embedder.ts';
import { learnFrom } from '../src/evaluation/calibrate.ts';
import { prepareCurriculum } from '../src/evaluation/curriculum.ts';
import { FLAG, parseScriptArguments } from '../src/terminal/arguments.ts';
import { fail } from '../src/terminal/fail.ts';

const HELP = `Usage: npm run learn -- [options]

Learns the weights of the second stage and of the verdict from the development questions, and prints them.

  --pairs FILE   a public set, JSON lines {"q": question, "p": paragraph}: the ranking learns from every second of its
                 questions (the others are left to measure by), and these, put to the tour's documents, stand for
                 off-topic ones; may be repeated
  --write        write src/search/weights.json and src/answer/calibration.json
  --help         print this text

Exit codes: 0 done, 1 the input or the state is wrong, 2 wrong usage.
`;

async function main(): Promise<void> {
  const flags = parseScriptArguments('learn', {
    options: {
      pairs: { type: 'string', multiple: true },
      write: FLAG,
      help: FLAG,
    },
  }).values;
  if (flags.help) {
    process.stdout.write(HELP);
    return;
  }
  const pairFiles = flags.pairs ?? [];
  const inProject = (path: string): string => join(PROJECT_FOLDER, path);
  const curriculum = await prepareCurriculum({
    corpusFolder: inProject('corpus'),
    questionFile: inProject('test/eval/development.jsonl'),
    rawPagesFolder: inProject('test/fixtures/raw-pages'),
    rawPagesQuestionFile: inProject('test/eval/development-raw-pages.jsonl'),
    pairFiles,
    embedder: await openEmbedder(readConfig().embedding),
    cacheFolder: inProject('.cache/evaluation'),
  });
  const { ranking, summary, ...verdict } = learnFrom(curriculum);
  process.stderr.write(`${summary.join('\n')}\n`);

  const pairs = pairFiles.map((file) => `--pairs ${basename(file)} `).join('');
  const madeBy = `npm run learn -- ${pairs}--write`;
  const weights = { madeBy, ranking, sentence: curriculum.sentenceWeights };
  const calibration = { madeBy, ...verdict };
  if (flags.write) {
    await write('src/search/weights.json', weights);
    await write('src/answer/calibration.json', calibration);
  } else {
    process.stdout.write(`${JSON.stringify({ weights, calibration }, null, 2)}\n`);
  }
}

async function write(path: string, value: unknown): Promise<void> {
  await writeFile(join(PROJECT_FOLDER, path), `${JSON.stringify(value, null, 2)}\n`);
}

try {
  await main();
} catch (error) {
  fail(error);
}

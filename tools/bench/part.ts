import { readConfig } from '../../src/config.ts';
import type { IndexTimes } from './answers.ts';
import { costOf, costsOf, residentMiB, usageOfChildren, type Cost } from './measure.ts';
import type { PeerAnswers, SyntheticAnswers, SyntheticBuild } from './large-corpora.ts';
import type { PeerQuestion } from './peers.ts';

/**
 * Entry of a child process: `part.ts NAME OPTIONS` measures one thing in its own process and prints the
 * figures as JSON. Code is imported part by part, because loading it is among what is measured.
 */
const [name = '', options = '{}'] = process.argv.slice(2);
process.stdout.write(JSON.stringify(await measure(name, JSON.parse(options) as never)));

/** What each part prints. */
export interface PartResults {
  readonly load: LoadTimes;
  readonly answers: IndexTimes;
  readonly 'synthetic-build': SyntheticBuild;
  readonly 'synthetic-ask': SyntheticAnswers;
  readonly questions: readonly PeerQuestion[];
  readonly 'peer-build': Cost | null;
  readonly 'peer-ask': PeerAnswers;
}

async function measure(part: string, wanted: never): Promise<PartResults[keyof PartResults]> {
  switch (part) {
    case 'load':
      return measureLoad();
    case 'answers':
      return (await import('./answers.ts')).measureAnswers(wanted);
    case 'synthetic-build':
      return (await import('./large-corpora.ts')).measureSyntheticBuild(wanted);
    case 'synthetic-ask':
      return (await import('./large-corpora.ts')).measureSyntheticAnswers(wanted);
    case 'questions':
      return (await import('./answers.ts')).embeddedQuestions();
    case 'peer-build':
      return (await import('./large-corpora.ts')).buildPeer(wanted, readConfig().indexFolder);
    case 'peer-ask':
      return (await import('./large-corpora.ts')).askPeer(wanted, readConfig().indexFolder);
    default:
      throw new Error(`There is no part "${part}".`);
  }
}

/** From a fresh process: what it takes to open the model and then the index, their code included. */
export interface LoadTimes {
  readonly model: Cost;
  readonly index: Cost;
  /** Resident memory once both are open. */
  readonly memoryMiB: number;
  /** The same of the encoder's process. */
  readonly encoderMiB: number;
}

async function measureLoad(): Promise<LoadTimes> {
  const { embedding, indexFolder } = readConfig();
  const model = await costOf(async () => {
    const { openEmbedder } = await import('../../src/embedding/open-embedder.ts');
    return openEmbedder(embedding);
  });
  const index = await costOf(async () => {
    const { openEngine } = await import('../../src/engine.ts');
    return openEngine({ indexFolder, embedder: model.result });
  });
  const memoryMiB = residentMiB();
  const encoderMiB = usageOfChildren().residentMiB;
  index.result.close();
  await model.result.close();
  return { model: costsOf(model), index: costsOf(index), memoryMiB, encoderMiB };
}

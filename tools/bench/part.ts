import type { IndexTimes } from './answers-part.ts';
import type { LoadTimes } from './load-part.ts';
import type { SyntheticAnswers } from './synthetic-ask-part.ts';
import type { SyntheticBuild } from './synthetic-build-part.ts';

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
}

async function measure(part: string, wanted: never): Promise<PartResults[keyof PartResults]> {
  switch (part) {
    case 'load':
      return (await import('./load-part.ts')).measureLoad();
    case 'answers':
      return (await import('./answers-part.ts')).measureAnswers(wanted);
    case 'synthetic-build':
      return (await import('./synthetic-build-part.ts')).measureSyntheticBuild(wanted);
    case 'synthetic-ask':
      return (await import('./synthetic-ask-part.ts')).measureSyntheticAnswers(wanted);
    default:
      throw new Error(`There is no part "${part}".`);
  }
}

import { describeProblem } from '../corpus/problems.ts';
import type { Problem } from '../corpus/types.ts';
import { DragomanError } from '../errors.ts';

/** Everything that is wrong in a corpus, at once, by file and line. */
export class CorpusProblems extends DragomanError {
  readonly problems: readonly Problem[];

  constructor(corpusFolder: string, problems: readonly Problem[]) {
    const count = problems.length === 1 ? '1 problem' : `${problems.length} problems`;
    const lines = problems.map((problem) => `  ${describeProblem(problem)}`);
    super('CORPUS', [`${count} in ${corpusFolder}:`, ...lines].join('\n'), {
      hint: 'Mend the files, or leave them out with `npm run build:index -- --skip-bad`.',
    });
    this.problems = problems;
  }
}

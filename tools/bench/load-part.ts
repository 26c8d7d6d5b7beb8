import { readConfig } from '../../src/config.ts';
import { usageOfChildren } from './child-usage.ts';
import { costOf, type Cost } from './timing.ts';

/** From a fresh process: what it takes to open the model and then the index, their code included. */
export interface LoadTimes {
  readonly model: Cost;
  readonly index: Cost;
  /** Resident memory once both are open. */
  readonly memoryMiB: number;
  /** The same of the encoder's process. */
  readonly encoderMiB: number;
}

export async function measureLoad(): Promise<LoadTimes> {
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

export function costsOf({ wallMs, cpuMs }: Cost): Cost {
  return { wallMs, cpuMs };
}

/** After a collection, where the process was started so that it can ask for one. */
export function residentMiB(): number {
  globalThis.gc?.();
  return process.memoryUsage.rss() / 2 ** 20;
}

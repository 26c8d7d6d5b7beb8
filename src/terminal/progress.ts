import { Presets, SingleBar } from 'cli-progress';
import type { DownloadProgress } from '../embedding/model.ts';
import type { BuildProgress, BuildStep } from '../index/build.ts';

/** How a build looks to the person who waits for it. */
export interface ProgressView {
  readonly build: (progress: BuildProgress) => void;
  readonly download: (progress: DownloadProgress) => void;
  /** Pages that came or failed, of all. */
  readonly fetch: (done: number, total: number) => void;
  /** Leaves the terminal as it was. */
  readonly stop: () => void;
}

/** Steps that take long enough to be shown. */
const LABELS: Partial<Record<BuildStep, string>> = {
  read: 'Reading documents',
  embed: 'Embedding passages',
  graph: 'Linking vectors',
  write: 'Writing files',
};

const MEGABYTE = 1e6;

/** A bar on a terminal, plain lines elsewhere. */
export function showProgress(stream: NodeJS.WriteStream): ProgressView {
  const show = stream.isTTY ? barOn(stream) : linesOn(stream);
  return {
    build: ({ step, done, total }) => {
      const label = LABELS[step];
      if (label !== undefined && total > 0) show.update(label, done, total);
    },
    download: ({ file, loadedBytes, totalBytes }) => {
      const megabytes = (bytes: number): number => Math.round(bytes / MEGABYTE);
      // Small files are there before a bar could be read.
      if (totalBytes < MEGABYTE) return;
      show.update(`Downloading ${file} (MB)`, megabytes(loadedBytes), megabytes(totalBytes));
    },
    fetch: (done, total) => show.update('Fetching pages', done, total),
    stop: show.stop,
  };
}

interface Display {
  readonly update: (label: string, done: number, total: number) => void;
  readonly stop: () => void;
}

function barOn(stream: NodeJS.WriteStream): Display {
  const bar = new SingleBar(
    {
      stream,
      format: '{label} [{bar}] {value}/{total}',
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

/** A line for each tenth of what is large, and one at each end. */
function linesOn(stream: NodeJS.WritableStream): Display {
  let last = '';
  return {
    update: (label, done, total) => {
      const tenth = total < 1000 ? 0 : Math.floor((10 * done) / total);
      if (done < total && tenth === 0) return;
      const key = `${label} ${done < total ? tenth : 'done'}`;
      if (key === last) return;
      last = key;
      stream.write(`${label}: ${done} of ${total}\n`);
    },
    stop: () => undefined,
  };
}

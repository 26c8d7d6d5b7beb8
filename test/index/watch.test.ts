import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { publish } from '../../src/index/index-folder.ts';
import { watchGenerations, type WatchOptions } from '../../src/index/watch.ts';
import { temporaryFolder } from './temporary-folder.ts';

const FIRST = '20240105T000000000Z-aaaaaaaaaaaa';
const SECOND = '20240106T000000000Z-bbbbbbbbbbbb';

/** A watch whose clock is the test. */
function watched(
  folder: string,
  options: WatchOptions & { onNew?: (id: string) => void | Promise<void> } = {},
): { look: () => Promise<void>; seen: string[]; errors: unknown[]; close: () => void } {
  const seen: string[] = [];
  const errors: unknown[] = [];
  const { onNew = () => undefined, ...rest } = options;
  let look = (): Promise<void> => Promise.reject(new Error('The watch set no timer.'));
  const watch = watchGenerations(
    folder,
    async (id) => {
      seen.push(id);
      await onNew(id);
    },
    {
      ...rest,
      onError: (error) => errors.push(error),
      repeat: (tick) => {
        look = tick;
        return () => undefined;
      },
    },
  );
  return { look: () => look(), seen, errors, close: () => watch.close() };
}

describe('watchGenerations', () => {
  it('reports each new generation once', async () => {
    const folder = await temporaryFolder();
    const { look, seen, errors } = watched(folder);
    await look();
    expect(seen).toEqual([]);
    await publish(folder, { generation: FIRST, previous: null });
    await look();
    await look();
    expect(seen).toEqual([FIRST]);
    await publish(folder, { generation: SECOND, previous: FIRST });
    await look();
    await look();
    expect(seen).toEqual([FIRST, SECOND]);
    expect(errors).toEqual([]);
  });

  it('says nothing of the generation that is loaded already', async () => {
    const folder = await temporaryFolder();
    await publish(folder, { generation: FIRST, previous: null });
    const { look, seen } = watched(folder, { current: FIRST });
    await look();
    expect(seen).toEqual([]);
  });

  it('goes on after a pointer that cannot be read and after a load that fails', async () => {
    const folder = await temporaryFolder();
    const { look, seen, errors } = watched(folder, {
      onNew: (id) => (id === FIRST ? Promise.reject(new Error('does not load')) : undefined),
    });
    await writeFile(join(folder, 'current.json'), 'torn');
    await look();
    await publish(folder, { generation: FIRST, previous: null });
    await look();
    await publish(folder, { generation: SECOND, previous: FIRST });
    await look();
    expect(seen).toEqual([FIRST, SECOND]);
    expect(errors).toEqual([
      expect.objectContaining({ code: 'INDEX_CORRUPT' }),
      expect.objectContaining({ message: 'does not load' }),
    ]);
  });

  it('does not look while the generation before is still being loaded', async () => {
    const folder = await temporaryFolder();
    let loaded = (): void => undefined;
    const { look, seen } = watched(folder, {
      onNew: () => new Promise<void>((resolve) => (loaded = resolve)),
    });
    await publish(folder, { generation: FIRST, previous: null });
    const first = look();
    while (seen.length === 0) await new Promise(setImmediate);
    await publish(folder, { generation: SECOND, previous: FIRST });
    await look();
    expect(seen).toEqual([FIRST]);
    loaded();
    await first;
    const second = look();
    while (seen.length === 1) await new Promise(setImmediate);
    loaded();
    await second;
    expect(seen).toEqual([FIRST, SECOND]);
  });

  it('reports nothing after it is closed', async () => {
    const folder = await temporaryFolder();
    const { look, seen, close } = watched(folder);
    await publish(folder, { generation: FIRST, previous: null });
    close();
    await look();
    expect(seen).toEqual([]);
  });
});

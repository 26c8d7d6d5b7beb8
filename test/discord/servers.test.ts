import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { SettingsStore } from '../../src/discord/servers.ts';

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'dragoman-servers-'));
  await writeFile(join(folder, 'file'), 'x');
});
afterAll(async () => rm(folder, { recursive: true }));

it.each(['file', 'file/below'])(
  'names JOURNAL_DIR when it is %s, which is no folder',
  async (path) => {
    await expect(SettingsStore.open(join(folder, path))).rejects.toMatchObject({
      code: 'CONFIG',
      message: `Expected a folder in ${join(folder, path)}, found a file.`,
      hint: 'Point JOURNAL_DIR to a folder; a missing one is made.',
    });
  },
);

it.skipIf(process.getuid?.() === 0 || process.platform === 'win32')(
  'names JOURNAL_DIR when it may not be entered',
  async () => {
    const closed = join(folder, 'closed');
    await mkdir(closed, { mode: 0 });
    await expect(SettingsStore.open(closed)).rejects.toMatchObject({
      code: 'CONFIG',
      hint: expect.stringContaining('JOURNAL_DIR') as string,
    });
  },
);

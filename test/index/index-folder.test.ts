import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { DragomanError } from '../../src/errors.ts';
import { explainWriteError, makeIndexFolder, readPointer } from '../../src/index/index-folder.ts';
import { temporaryFolder, writeFiles } from './temporary-folder.ts';

function refusal(code: string, path?: string): Error {
  return Object.assign(new Error(`${code}: refused`), { code, ...(path && { path }) });
}

describe('explainWriteError', () => {
  it('says what to do when the system refuses to write into the index folder', () => {
    for (const error of [
      refusal('EACCES', '/index/build.lock'),
      refusal('EROFS', '/index/cache'),
      refusal('ENOSPC'),
    ]) {
      const explained = explainWriteError(error, '/index');
      expect(explained).toBeInstanceOf(DragomanError);
      expect(explained).toMatchObject({ code: 'CONFIG', cause: error });
      expect((explained as DragomanError).message).toContain('/index');
      expect((explained as DragomanError).hint).toMatch(/INDEX_DIR|disk/);
    }
  });

  it('leaves defects, and refusals elsewhere, as they are', () => {
    const errors: unknown[] = [
      new TypeError('a defect'),
      refusal('EMFILE', '/index/build.lock'),
      refusal('EACCES', '/models/onnx'),
      new DragomanError('MODEL', 'wrong model', { hint: 'build' }),
      'text',
    ];
    expect(errors.map((error) => explainWriteError(error, '/index'))).toEqual(errors);
  });
});

describe('readPointer', () => {
  it('names the setting when the index folder is a file', async () => {
    const root = await temporaryFolder();
    await writeFiles(root, { file: 'x' });
    await expect(readPointer(resolve(root, 'file'))).rejects.toMatchObject({
      code: 'CONFIG',
      message: expect.stringMatching(/^Expected a folder in .*, found a file\.$/) as unknown,
      hint: expect.stringContaining('INDEX_DIR') as unknown,
    });
    expect(await readPointer(resolve(root, 'none'))).toBeNull();
  });
});

describe('makeIndexFolder', () => {
  it.each([
    ['a file is in the way', 'file'],
    ['a file is above it', 'file/folder/folder'],
    // Where the system says of what cannot be made that it is not found.
    ...(process.platform === 'linux' ? [['it is below /proc', '/proc/x/y']] : []),
  ])('names the setting when %s', async (_, path = '') => {
    const root = await temporaryFolder();
    await writeFiles(root, { file: 'x' });
    await expect(makeIndexFolder(resolve(root, path))).rejects.toMatchObject({
      code: 'CONFIG',
      hint: expect.stringContaining('INDEX_DIR') as unknown,
    });
  });
});

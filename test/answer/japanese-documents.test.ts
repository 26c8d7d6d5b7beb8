import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { writeFiles } from '../index/temporary-folder.ts';
import { openSnapshotOf, type RealSnapshot } from '../support/real-index.ts';

const FILES = {
  'ferry.txt': `港湾局の新しい方針

　２０２４年３月５日、港湾局は新しい渡し船の計画を発表した。渡し船は毎朝六時四十分に北の桟橋を出て、島まで三十分で着く。料金は大
人が四百円、子どもは無料である。
　局長の佐藤花子は「冬の間も運航を続けます。」と述べた。船には自転車を二十台まで載せることができる。
`,
  'mill.md': `# The water mill

The water mill on the river was restored in 1998, and its wheel was built of oak by two carpenters from the valley.
Visitors may grind their own flour there on Saturdays.
`,
  'garden.md': `# The botanical garden

The botanical garden has nine glasshouses. The oldest palm in it was planted by the first director.
Entry is free for schools, and the cost of a guided walk is two crowns.
`,
  'library.md': `# The town library

The town library opens at noon. It lends maps, books and three telescopes, and every reader may carry ten books home.
`,
};

describe('a folder with documents in Japanese and in English', () => {
  let snapshot: RealSnapshot['snapshot'];

  beforeAll(async () => {
    const folder = await mkdtemp(join(tmpdir(), 'dragoman-japanese-'));
    await writeFiles(folder, FILES);
    ({ snapshot } = await openSnapshotOf(folder));
    await rm(folder, { recursive: true });
  });

  it.each([
    ['渡し船は自転車を何台載せられますか', 'ferry'],
    ['渡し船の料金はいくらですか', 'ferry'],
    ['How many bicycles can the ferry carry?', 'ferry'],
    ['What does the ferry to the island cost?', 'ferry'],
    ['水車小屋はいつ修復されましたか', 'mill'],
    ['When was the water mill restored?', 'mill'],
    ['植物園にはいくつの温室がありますか', 'garden'],
  ])('finds “%s” in %s', async (question, id) => {
    const { verdict, excerpts } = await snapshot.ask(question);
    expect(excerpts[0]?.document.id).toBe(id);
    expect(verdict).not.toBe('not_found');
  });

  it('quotes Japanese sentences whole and without the line breaks of the file', async () => {
    const { excerpts } = await snapshot.ask('子どもの料金はいくらですか');
    expect(excerpts[0]?.text).toContain('料金は大人が四百円、子どもは無料である。');
    expect(snapshot.documents.get('ferry')?.date).toBe('2024-03-05');
  });

  it('still says when nothing answers', async () => {
    for (const question of ['how do I boil an egg', 'What is the capital of Peru?']) {
      expect((await snapshot.ask(question)).verdict).toBe('not_found');
    }
  });
});

import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { isAnswer, readQuestions } from '../../../tools/evaluation/questions.ts';
import { temporaryFolder } from '../../index/temporary-folder.ts';

async function fileOf(...lines: readonly string[]): Promise<string> {
  const path = join(await temporaryFolder(), 'questions.jsonl');
  await writeFile(path, lines.join('\n'));
  return path;
}

describe('readQuestions', () => {
  it('reads one question a line, in order, blank lines left out', async () => {
    const path = await fileOf(
      '{"id":"d1","question":"who?","class":"answerable","gold":[{"document":"a","pattern":"b"}]}',
      '',
      '{"id":"d2","question":"why?","class":"off_topic"}',
      '{"id":"j3","question":"誰？","class":"false_premise","language":"ja","kind":"person","note":7}',
      '',
    );
    expect(await readQuestions(path)).toEqual([
      {
        id: 'd1',
        question: 'who?',
        class: 'answerable',
        language: 'en',
        gold: [{ document: 'a', pattern: 'b' }],
      },
      { id: 'd2', question: 'why?', class: 'off_topic', language: 'en', gold: [] },
      {
        id: 'j3',
        question: '誰？',
        class: 'false_premise',
        kind: 'person',
        language: 'ja',
        gold: [],
      },
    ]);
  });

  it.each([
    ['an unknown class', '{"id":"d2","question":"why?","class":"hard"}'],
    ['a question left out', '{"id":"d2","class":"off_topic"}'],
    ['no JSON', '{"id":"d2",'],
    ['no object', '[]'],
  ])('names the line that has %s', async (_, line) => {
    const path = await fileOf('{"id":"d1","question":"who?","class":"off_topic"}', line);
    await expect(readQuestions(path)).rejects.toMatchObject({
      code: 'USAGE',
      message: expect.stringContaining(`${path}:2: `) as unknown,
    });
  });
});

describe('isAnswer', () => {
  const question = {
    id: 'd1',
    question: 'how long?',
    class: 'answerable' as const,
    language: 'en',
    gold: [
      { document: 'blinken', pattern: '45\\s+minutes' },
      { document: 'raimondo', pattern: '\\bhalf an hour\\b' },
    ],
  };

  it('asks for the document and the pattern of one entry, without regard to case', () => {
    expect(isAnswer(question, { documentId: 'blinken', text: 'About 45 Minutes.' })).toBe(true);
    expect(isAnswer(question, { documentId: 'raimondo', text: 'Half an hour' })).toBe(true);
    expect(isAnswer(question, { documentId: 'raimondo', text: 'About 45 minutes.' })).toBe(false);
    expect(isAnswer(question, { documentId: 'blinken', text: 'About 450 minutes.' })).toBe(false);
    expect(isAnswer({ ...question, gold: [] }, { documentId: 'blinken', text: '' })).toBe(false);
  });
});

import { describe, expect, it } from 'vitest';
import type { Answer } from '../../src/answer/types.ts';
import { openRealSnapshot } from '../support/real-index.ts';

const bold = ({ excerpts: [first] }: Answer): string =>
  first?.text.slice(...(first.highlight ?? [0, 0])) ?? '';

/** Whose sentence each is, by its words; people of whom the documents give words of their own. */
const INTERLOCUTORS: readonly (readonly [name: string, hers: RegExp, theirs: RegExp])[] = [
  [
    'Kuleba',
    /she announced|Kamikawa (?:told|announced|said)/,
    /^Kuleba (?:offered|described|thanked)|Kuleba said/,
  ],
  ['Zelenskyy', /^Kamikawa told/, /^Zelenskyy|^He |, he said,/],
  ['Shmyhal', /Kamikawa|^She /, /^Shmyhal|^He /],
  ['Valtonen', /^Kamikawa/, /Valtonen told/],
  ['Billström', /^Kamikawa told/, /he said|^Billström/],
  ['Donoghue', /^Kamikawa told/, /Donoghue/],
  ['Fidan', /^(?:She|Kamikawa) told/, /^Fidan|^He called/],
  [
    'Blinken',
    /^Kamikawa told|^In her own|^She thanked .* Blinken/,
    /Blinken (?:called|offered|repeated)|^He repeated/,
  ],
  ['Hofmański', /Kamikawa set out/, /^Hofmański thanked/],
  ['Heidar', /she pledged|^Kamikawa/, /^Heidar thanked/],
  ['Nowacka', /^Kamikawa said/, /^Nowacka/],
  ['Karim Khan', /^She |^Kamikawa/, /^Khan welcomed/],
  ['Inka Hopsu', /^She |^Kamikawa/, /Hopsu called/],
  ['Sikorski', /^Kamikawa (?:told|called)/, /Sikorski|^He /],
  ['Sullivan', /^Kamikawa thanked/, /he offered|Sullivan/],
];

describe('the bold sentence has the speaker that the question asks for', () => {
  it.each(INTERLOCUTORS)(
    'what she said to %s, and what was said to her',
    async (name, hers, theirs) => {
      const { snapshot } = await openRealSnapshot();
      expect(bold(await snapshot.ask(`what did she say to ${name}?`))).toMatch(hers);
      expect(bold(await snapshot.ask(`what did ${name} say to her?`))).toMatch(theirs);
    },
  );

  it.each([
    ['What did Hofmański thank Japan for?', /^Hofmański thanked/],
    ['What did Kamikawa tell Fidan?', /^She told Fidan|^Kamikawa/],
    ['what was Fidan told by her?', /^She told Fidan|^Kamikawa/],
    ['what was she told by Nowacka?', /^Nowacka/],
    ["Heidar's response to her", /^Heidar/],
    ['what did Zelensky ask her for', /^The president asked/],
    ['What did Fidan thank Japan for?', /^He thanked/],
    ['tell me what Fidan said', /^Fidan|^He |Fidan said/],
    ['what Sikorski told her', /^Sikorski|^He /],
    ['what was she told by Sikorski?', /^Sikorski|^He /],
    ['ヴァルトネン外相は何と言いましたか', /Valtonen told Finnish media/],
    ['フィダン外相は何と言いましたか', /^Fidan|^He |Fidan spoke/],
    ['クレーバ外相は日本に何を頼みましたか', /^Kuleba stressed|he told Japan/],
    ['ドノヒュー所長に上川大臣は何を伝えましたか', /^Kamikawa told Donoghue/],
  ])('in other words: “%s”', async (question, expected) => {
    const { snapshot } = await openRealSnapshot();
    expect(bold(await snapshot.ask(question))).toMatch(expected);
  });

  it.each([
    ['what did China say about her congratulating Lai?', /^The Chinese embassy/],
    ["how did China's government react to her congratulations?", /^The Chinese embassy/],
    ['what does poland want from japan', /^Sikorski welcomed/],
    ['what did guests in Stockholm talk to her about?', /^They talked about/],
  ])('whoever speaks for a country: “%s”', async (question, expected) => {
    const { snapshot } = await openRealSnapshot();
    expect(bold(await snapshot.ask(question))).toMatch(expected);
  });

  it.each([
    ['what did Fidan say about Gaza', 'answered', /two-state solution/],
    ['did Kuleba mention drones', 'answered', /drone/],
    ['what did Valtonen say about NATO', 'weak', /NATO/],
    ['what did Joly say about Ukraine', 'weak', /./],
  ])('holds what is asked about, or is in doubt: “%s”', async (question, verdict, expected) => {
    const { snapshot } = await openRealSnapshot();
    const answer = await snapshot.ask(question);
    expect(answer.verdict).toBe(verdict);
    expect(bold(answer)).toMatch(expected);
  });
});

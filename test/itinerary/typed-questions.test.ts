import { describe, expect, it } from 'vitest';
import { readCorpus } from '../../src/corpus/read-corpus.ts';
import { Itinerary } from '../../src/itinerary/itinerary.ts';
import { JAPANESE_NAMES } from './japanese-names.ts';

const { corpus } = await readCorpus('corpus/meetings');
const itinerary = new Itinerary(corpus.meetings, { names: JAPANESE_NAMES });

/** Questions as strangers type them, with the meetings that a list of the answer has. */
const QUESTIONS: readonly (readonly [question: string, meetings: string])[] = [
  ['who was met on jan 10', 'kronlid billstrom'],
  ['number of working lunches', 'kuleba valtonen billstrom bruins-slot'],
  ['shortest meeting in the hague', 'icj'],
  [
    'ok and how many ppl did she meet at the icc, like named people',
    'icc-president icc-prosecutor icc-staff',
  ],
  ["who'd she see right after the ICJ president?", 'bruins-slot'],
  ['Please let me know on which date the Minister met the President of Poland.', 'duda'],
  [
    'We need the names of all prime ministers and presidents of states whom the Minister met.',
    'shmyhal zelenskyy duda erdogan',
  ],
  [
    'Kindly indicate the total duration of the meetings at the International Criminal Court.',
    'icc-president icc-prosecutor icc-staff',
  ],
  [
    'What was on the schedule for Thursday, 11 January?',
    'icj bruins-slot icc-president icc-prosecutor icc-staff',
  ],
  [
    'Which of the foreign ministers did she meet over lunch?',
    'kuleba valtonen billstrom bruins-slot',
  ],
  ['How many meetings lasted exactly 30 minutes?', 'kronlid icc-president icc-prosecutor sullivan'],
  [
    'Was the meeting with Mayor Tschentscher held before or after the visit to the Tribunal for the Law of the Sea?',
    'tschentscher itlos',
  ],
  ['Where was the lady on the Sunday, the 14th I think?', 'tschentscher'],
  ['Tell me who she dined with, I mean the dinners', 'io-dinner sweden-dinner fidan'],
  ['which president did she meet first', 'zelenskyy'],
  ['Who did she meet in Finland, all of them please', 'nytkis valtonen'],
  ['When did she come home?', 'return'],
  ['How many women did she meet in The Hague?', 'icj bruins-slot icc-staff'],
  ['shmyhal or zelensky longer', 'shmyhal zelenskyy'],
  ['wher was she 13 jan', 'joly'],
  ['us people she met', 'us-wps sullivan blinken raimondo'],
  ['did she meet khan b4 hofmanski', 'icc-president icc-prosecutor'],
  [
    'Average length of her meetings in The Hague?',
    'icj bruins-slot icc-president icc-prosecutor icc-staff',
  ],
  ['three longest meetings with foreign ministers', 'kuleba bruins-slot joly'],
  ['Which person did she meet twice?', 'kuleba kuleba-press'],
  ['Who was the second foreign minister she met?', 'sikorski'],
  ["who's the person she saw straight before Zelenskyy", 'shmyhal'],
  ['everything on the 16th, in sequence please', 'ataturk ankara-university fidan erdogan'],
  [
    'how many times did she stand in front of the press on her own',
    'presser-tokyo presser-kyiv presser-washington presser-ankara',
  ],
  ['who did she meet in the afternoon of the 7th', 'shmyhal zelenskyy'],
  ['Which person did she see on 14 January?', 'tschentscher'],
  ['Who were the two foreign ministers with whom she talked for 100 minutes?', 'kuleba joly'],
  ['which dinners took place before the 10th', 'io-dinner sweden-dinner'],
  ['polish ppl she met', 'nowacka sikorski duda'],
  ['shortest meeting ever on this trip lol', 'icj'],
  ['Which meeting was the second longest with a foreign minister?', 'kuleba joly'],
  ['How many meetings lasted under half an hour?', 'icj icc-staff'],
  ['What did she do in Germany and on what days?', 'tschentscher itlos'],
  ['Who was the last foreign minister she saw?', 'fidan'],
  ['Tell me everyone she met on Friday the twelfth.', 'us-wps sullivan blinken raimondo'],
  [
    'Meals hosted during the visit, chronological',
    'kuleba io-dinner valtonen sweden-dinner billstrom bruins-slot fidan',
  ],
  ['Heads of international courts met, in order', 'icj icc-president itlos'],
  ['Engagements on 8 January excluding the President', 'unknown-soldier sikorski'],
  ['Last engagement in Washington?', 'presser-washington'],
  ['At what time did the first event of January 12 begin?', 'us-wps'],
  [
    '1月11日に会われた方をすべて教えていただけますか。',
    'icj bruins-slot icc-president icc-prosecutor icc-staff',
  ],
  ['ワーキング・ランチはどの都市で行われましたか。', 'kuleba valtonen billstrom bruins-slot'],
  ['会談時間が最も短かったのは誰との会談ですか。', 'icj'],
  ['女性の外務大臣は何人でしたか。', 'valtonen bruins-slot joly'],
  ['ハンブルクでのご日程を教えてください。', 'tschentscher itlos'],
  ['キーウでお会いになった首脳は誰と誰ですか。', 'shmyhal zelenskyy'],
  [
    'シコルスキ外相との会談とジョリー外相との会談では、どちらが長かったでしょうか。',
    'sikorski joly',
  ],
  ['12日ってだれに会ったの？', 'us-wps sullivan blinken raimondo'],
  ['オランダで何人に会った？', 'icj bruins-slot icc-president icc-prosecutor icc-staff'],
  [
    '1月7日の予定を全部並べてください',
    'bucha-church irpin-bridge kuleba kuleba-press shmyhal zelenskyy energy-handover spilno presser-kyiv io-dinner',
  ],
  ['一番長かった外相会談は誰とですか', 'bruins-slot'],
  ['アメリカで会った女性は何人ですか', 'us-wps raimondo'],
  ['最後に会った大統領は誰ですか', 'erdogan'],
  ['ランチを一緒に食べた外相は？', 'kuleba valtonen billstrom bruins-slot'],
];

describe('questions as strangers type them', () => {
  it.each(QUESTIONS)('lists the meetings of “%s”', (question, meetings) => {
    const { listing } = itinerary.read(question);
    const ids = listing?.meetings.map(({ id }) => id) ?? [];
    expect(ids.toSorted()).toEqual(meetings.split(' ').toSorted());
  });
});

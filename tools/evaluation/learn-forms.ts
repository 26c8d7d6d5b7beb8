import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fitNetwork, type Layer } from './fit-network.ts';
import { seeded } from './noisy-questions.ts';
import { PROJECT_FOLDER } from '../../src/config.ts';
import type { Embedder, QuestionVectors } from '../../src/embedding/model.ts';
import { type LearnedForms, NO_FORM } from '../../src/itinerary/forms.ts';

/**
 * Learns to tell what an itinerary is asked for by the vectors of a question: a network with the form of each
 * wording in `wordings/` and, as one more form, questions that ask for something else.
 */
export async function learnForms(embedder: Embedder): Promise<LearnedForms> {
  const examples = [...(await wordings()), ...(await otherQuestions())];
  const forms = [...new Set(examples.map(({ form }) => form))].toSorted();
  const vectors: QuestionVectors[] = [];
  for (let from = 0; from < examples.length; from += AT_ONCE) {
    const texts = examples.slice(from, from + AT_ONCE).map(({ text }) => text);
    vectors.push(...(await Promise.all(texts.map((text) => embedder.embedQuestion(text)))));
  }
  const inputs = vectors.map(({ question, layers }) =>
    Float32Array.from([question, ...layers].flatMap((vector) => [...vector])),
  );
  const labels = Uint16Array.from(examples, ({ form }) => forms.indexOf(form));
  const none = forms.indexOf(NO_FORM);
  const [hidden, output] = fitNetwork(inputs, labels, { labels: forms.length, none });
  return { model: embedder.digest, forms, hidden: packed(hidden), output: packed(output) };
}

/** So many questions are handed to the encoder together: it has a deadline for what waits. */
const AT_ONCE = 128;

interface Example {
  readonly form: string;
  readonly text: string;
}

const FOLDER = join(PROJECT_FOLDER, 'tools/evaluation/wordings');

/** One in so many of the encoder's training questions is learned from: more make no difference. */
const SAMPLED = 3;

/** Every wording of each form, `form<TAB>wording` a line, with names in the place of what stands in braces. */
async function wordings(): Promise<Example[]> {
  const random = seeded(7);
  const files = (await readdir(FOLDER)).filter((name) => name.endsWith('.tsv')).toSorted();
  const texts = await Promise.all(files.map((name) => readFile(join(FOLDER, name), 'utf8')));
  return texts.flatMap((text) =>
    text
      .trim()
      .split('\n')
      .map((line) => {
        const [form = '', wording = ''] = line.split('\t');
        return { form, text: filled(wording, random) };
      }),
  );
}

/** Questions for the documents: those written to be near a form, and what the encoder has learned from. */
async function otherQuestions(): Promise<Example[]> {
  const random = seeded(8);
  const near = await readFile(join(FOLDER, 'none.txt'), 'utf8');
  const folder = join(PROJECT_FOLDER, 'tools/model/questions');
  const files = (await readdir(folder, { recursive: true })).filter((path) =>
    /\.(?:questions|txt)$/.test(path),
  );
  const learned = await Promise.all(
    files.toSorted().map((path) => readFile(join(folder, path), 'utf8')),
  );
  const lines = learned.flatMap((text) =>
    text.split('\n').filter((line) => line !== '' && !line.startsWith('>')),
  );
  const written = near.trim().split('\n');
  return [
    ...written.map((line) => filled(line, random)),
    ...lines.filter((_, at) => at % SAMPLED === 0),
  ].map((text) => ({ form: NO_FORM, text }));
}

/** Names of every kind for what stands in braces: of this tour and of any other. English | Japanese. */
const NAMES: Readonly<Record<string, string>> = {
  person:
    'Silva, Ibarra, Quispe, Okafor, Lindqvist, Moreau, Petrov, Haddad, Nguyen, Tanaka, Blinken, Zelenskyy, Sikorski, Joly, Khan, Mayor Silva, Prime Minister Okafor, President Moreau, the Finnish foreign minister, the Polish president, the mayor of Lima, the prime minister of Chad, the Peruvian minister, the prosecutor, the Canadian foreign minister | ブリンケン長官, クレーバ外相, ゼレンスキー大統領, シコルスキ外相, シルバ外相, ジョリー外相, カーン検察官, オカフォー首相, リマ市長, フィンランドの外相',
  place:
    'Lima, Quito, Lisbon, Madrid, Kyiv, Warsaw, Helsinki, The Hague, Washington, Montreal, Ankara, Poland, Ukraine, Sweden, Canada, Germany, Peru, Chile, Kenya, Nairobi, Vietnam, the Netherlands, the US | キーウ, ワルシャワ, ハーグ, ワシントン, アンカラ, リマ, カナダ, ドイツ, トルコ, ペルー, ウクライナ',
  day: 'January 7, 7 January, the 9th, Jan 11, Monday, Sunday, the 12th of January, Thursday, March 3, 12 May, Friday the 12th | 1月7日, 9日, 11日, 日曜日, 木曜, 1月16日, 3月3日',
  office:
    'foreign ministers, presidents, judges, women, lawmakers, ministers, heads of state, prime ministers, mayors, ambassadors | 外相, 大統領, 裁判官, 女性, 議員, 大臣, 首脳',
  kind: 'lunches, press conferences, courtesy calls, dinners, working lunches, exchanges of views, meals | 昼食会, 記者会見, 表敬訪問, 夕食会, 献花, 意見交換',
  body: 'the ICC, the International Court of Justice, UNICEF, the sea tribunal, the State Department, the World Bank, the parliament, the university | 国際刑事裁判所, 国際司法裁判所, ユニセフ, 国務省, 大学, 議会',
  length:
    'an hour, 30 minutes, 90 minutes, 45 minutes, two hours, half an hour | 1時間, 30分, 90分, 45分, 2時間',
};
const SAME: Readonly<Record<string, string>> = {
  city: 'place',
  country: 'place',
  x: 'person',
  y: 'place',
};

function filled(wording: string, random: () => number): string {
  const isJapanese = /[\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Han}]/u.test(wording);
  const used = new Map<string, string>();
  return wording.replace(/\{(.*?)\}/g, (_, slot: string) => {
    const known = used.get(slot);
    if (known !== undefined) return known;
    const kind = slot.replace(/\d$/, '');
    const [english = '', japanese = ''] = (NAMES[SAME[kind] ?? kind] ?? '').split(' | ');
    const names = (isJapanese ? japanese : english).split(', ');
    const free = names.filter((name) => ![...used.values()].includes(name));
    const name = free[Math.floor(random() * free.length)] ?? slot;
    used.set(slot, name);
    return name;
  });
}

/** Weights as bytes, each row by its own scale. */
function packed({ rows, weights }: Layer): LearnedForms['hidden'] {
  const width = weights.length / rows;
  const all = Array.from({ length: rows }, (_, row) =>
    weights.subarray(row * width, (row + 1) * width),
  );
  const scales = all.map((row) => Math.max(...row.subarray(0, width - 1).map(Math.abs)) / 127);
  const bytes = all.flatMap((row, at) =>
    Array.from(row.subarray(0, width - 1), (weight) => Math.round(weight / (scales[at] || 1))),
  );
  return {
    biases: all.map((row) => Number((row[width - 1] ?? 0).toFixed(4))),
    scales: scales.map((scale) => Number(scale.toPrecision(6))),
    weights: Buffer.from(Int8Array.from(bytes).buffer).toString('base64'),
  };
}

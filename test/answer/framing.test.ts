import { expect, it } from 'vitest';
import type { Answer } from '../../src/answer/types.ts';
import { openRealSnapshot } from '../support/real-index.ts';

const TOPICS = [
  'the Nordic initiative',
  'the handover of power equipment',
  'the dinner with Japanese residents in Sweden',
  'the air-raid alarm in Kyiv',
  'Red Sea shipping',
  'the trust fund of NATO',
  "Kamikawa's meeting with Blinken",
  'the Noto earthquake',
];

const FRAMES: readonly ((topic: string) => string)[] = [
  (topic) => `tell me about ${topic}`,
  (topic) => `give me info on ${topic}`,
  (topic) => `summarise ${topic}`,
  (topic) => `overview of ${topic}`,
  (topic) => `what do you know about ${topic}`,
  (topic) => `what can you tell me about ${topic}`,
  (topic) => `hi, ${topic}`,
  (topic) => `${topic} thanks!`,
  (topic) => `Hello bot! Could you tell me about ${topic}? Thanks in advance.`,
  (topic) => `🙂 ${topic} 🙏`,
  (topic) => `"${topic}"`,
  (topic) => `I was wondering about ${topic}`,
  (topic) => `Good morning, can you explain ${topic} please`,
  (topic) => `${topic}\n\nBest regards,\nAnna`,
  (topic) => `can someone give me a short summary of ${topic}`,
];

const shown = ({ verdict, excerpts: [first] }: Answer): string =>
  `${verdict} ${first?.document.path} ${first?.document.lines.join('-')} ${first?.highlight?.join('-')}`;

it.each(TOPICS)(
  'fifteen ways to ask about “%s” get the answer of the bare words',
  async (topic) => {
    const { snapshot } = await openRealSnapshot();
    const bare = shown(await snapshot.ask(topic));
    for (const frame of FRAMES) {
      const question = frame(topic);
      expect(`${question}: ${shown(await snapshot.ask(question))}`).toBe(`${question}: ${bare}`);
    }
  },
);

it.each(TOPICS)(
  '“%s” in capitals gets the document and the verdict of small letters',
  async (topic) => {
    const { snapshot } = await openRealSnapshot();
    const [small, shouted] = await Promise.all([
      snapshot.ask(topic),
      snapshot.ask(topic.toUpperCase()),
    ]);
    expect(shouted.verdict).toBe(small.verdict);
    expect(shouted.excerpts[0]?.document.id).toBe(small.excerpts[0]?.document.id);
  },
);

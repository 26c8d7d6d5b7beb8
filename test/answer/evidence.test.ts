import { beforeAll, describe, expect, it } from 'vitest';
import { EVIDENCE_NAMES, gatherEvidence, type Findings } from '../../src/answer/evidence.ts';
import { CALIBRATIONS, judge, probability } from '../../src/answer/verdict.ts';
import { search } from '../../src/search/search.ts';
import { readQuestions } from '../../tools/evaluation/questions.ts';
import { openRealSnapshot, type RealSnapshot } from '../support/real-index.ts';

let real: RealSnapshot;
beforeAll(async () => {
  real = await openRealSnapshot();
});

async function gather(question: string): Promise<Findings | null> {
  return gatherEvidence(await search(question, real));
}

async function found(question: string): Promise<Findings> {
  const findings = await gather(question);
  if (findings === null) throw new Error(`No evidence for ${question}`);
  return findings;
}

describe('gatherEvidence', () => {
  it('names what no document mentions as it was typed, names first', async () => {
    const { unmentioned, unmatched, evidence } = await found(
      'Which xylophone did she play for Lavrov?',
    );
    expect(unmentioned[0]).toBe('Lavrov');
    expect(unmentioned).toContain('xylophone');
    expect(unmatched).toBeGreaterThan(evidence.unmatchedNames);
    expect(evidence.unmatchedNames).toBeGreaterThan(0);
  });

  it('finds nothing unmentioned in a misspelt name that the documents hold', async () => {
    const { unmentioned, evidence } = await found('how long did Blinkin talk to Kamikava?');
    expect(unmentioned).toEqual([]);
    expect(evidence.unmatchedNames).toBe(0);
  });

  it('tells names that the documents hold elsewhere', async () => {
    const { apart } = await found('When did Blinken and Sikorski dine with Erdogan?');
    expect(apart.length).toBeGreaterThan(0);
    expect((await found('meeting with Blinken')).apart).toEqual([]);
  });

  it('misses a number of what is counted, and half misses one of something else', async () => {
    const missing = async (question: string): Promise<number> =>
      (await found(question)).evidence.figureMissing;
    expect(await missing('How many generators did Japan hand over in Kyiv?')).toBe(0);
    expect(await missing('How many reporters went down into the basement?')).toBe(0.5);
    expect(await missing('How many students danced for her?')).toBe(1);
  });

  it('weighs the rarest word that the best sentence does not hold', async () => {
    const held = (await found('where did they meet the press in the underground shelter')).evidence;
    const other = (await found('where did they meet the press in the underground casino')).evidence;
    expect(other.missing).toBeGreaterThan(held.missing);
  });

  it('weighs what the sentences hold, names apart from the rest, a related word for less', async () => {
    const asked = async (question: string) => (await found(question)).evidence;
    const sirens = await asked('Which sirens forced Kamikawa and Kuleba into the shelter?');
    const parrots = await asked('Which parrots forced Kamikawa and Kuleba into the shelter?');
    expect(sirens.contentHeld).toBeGreaterThan(parrots.contentHeld);
    expect((await asked('What did Kamikawa tell Fidan?')).namesHeld).toBeGreaterThan(0);
    expect((await asked('what was decided about the sirens')).namesHeld).toBe(0);
    const quake = await asked('magnitude of the quake');
    const earthquake = await asked('magnitude of the earthquake');
    expect(quake.contentHeld).toBeGreaterThan(0.5);
    expect(quake.contentHeld).toBeLessThan(earthquake.contentHeld);
  });

  it('misses a number of the question that the passage does not hold', async () => {
    const missing = async (question: string): Promise<number> =>
      (await found(question)).evidence.numberMissing;
    expect(await missing('What does resolution 2722 demand of the Houthis?')).toBe(0);
    expect(await missing('What does resolution 9999 demand of the Houthis?')).toBe(1);
  });

  it('tells small talk by whom it speaks of', async () => {
    expect((await found('can you write my essay about trade')).evidence.aboutAsker).toBe(1);
    expect((await found('what did she say about trade')).evidence.aboutAsker).toBe(0);
  });

  it('weighs the best sentence against the cosine of unrelated questions', async () => {
    const result = await search('How long did the meeting with Blinken last?', real);
    const findings = gatherEvidence(result);
    const [first] = result.ranked;
    if (findings === null || first === undefined) throw new Error('Nothing was found.');
    const { nearness, certainty } = findings.evidence;
    const unrelated = real.index.unrelatedCosines.own;
    expect(nearness * (1 - unrelated) + unrelated).toBeCloseTo(first.best?.cosine ?? 0, 6);
    const powers = result.ranked.map(({ score }) => Math.exp(score));
    const all = powers.reduce((sum, power) => sum + power, 0);
    expect(certainty).toBeCloseTo(Math.exp(first.score) / all, 6);
  });

  it('is most certain when there is nothing else to choose from', async () => {
    const result = await search('meeting with Blinken', { ...real, allowed: [3] });
    expect(gatherEvidence(result)?.evidence.certainty).toBe(1);
  });

  it('finds nothing unmatched in a question in Japanese, which is judged by its vectors', async () => {
    const findings = await found('ブリンケン国務長官との会談は何分間でしたか？');
    expect(findings).toMatchObject({ foreign: true, unmentioned: [], apart: [] });
    const { evidence } = findings;
    expect(findings.unmatched).toBe(0);
    expect(evidence.unmatchedNames).toBe(0);
    expect(evidence.nearness).toBeGreaterThan(0);
    const { holdsAnswer } = CALIBRATIONS.found.acrossScripts;
    expect(judge(findings).confidence).toBe(probability(holdsAnswer, evidence));
  });

  it('is nothing for a question without a word that says anything', async () => {
    expect(await gather('what is it?')).toBeNull();
    expect(await gather('???')).toBeNull();
  });

  it('is nothing where no passage may be looked at', async () => {
    const result = await search('meeting with Blinken', { ...real, allowed: [] });
    expect(result.ranked).toEqual([]);
    expect(gatherEvidence(result)).toBeNull();
  });

  it('is made of shares: finite, from 0 to 1', async () => {
    const questions = await readQuestions('test/eval/development.jsonl');
    for (const { question } of questions.filter((_, at) => at % 8 === 0)) {
      const findings = await gather(question);
      if (findings === null) continue;
      const outside = EVIDENCE_NAMES.filter((name) => {
        const value = findings.evidence[name];
        return !(value >= 0 && value <= 1 + 1e-3);
      });
      expect(outside).toEqual([]);
      // Verbs and scraps are not worth naming, so what is named is less than what is unmatched.
      if (findings.unmentioned.length > 0) expect(findings.unmatched).toBeGreaterThan(0);
      if (findings.evidence.unmatchedNames > 0) expect(findings.unmentioned).not.toEqual([]);
      if (findings.evidence.figureMissing > 0) expect(findings.kindMissing).not.toBeNull();
      for (const word of [...findings.unmentioned, ...findings.apart]) {
        expect(question).toContain(word);
      }
    }
  });
});

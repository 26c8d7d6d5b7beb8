import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { openPassages, turnPage, showContext } from '../../src/discord/buttons/passages.ts';
import {
  askOn,
  sendFollowUp,
  askAboutMeeting,
  sendQuestion,
} from '../../src/discord/commands/ask.ts';
import { choose } from '../../src/discord/commands/meeting.ts';
import {
  sendRemark,
  takeBack,
  tellMaintainer,
  thumbDown,
  thumbUp,
  share,
} from '../../src/discord/buttons/feedback.ts';
import { openCard, pickMeeting, turnCard } from '../../src/discord/buttons/card.ts';
import { listSources, turnSources } from '../../src/discord/commands/sources.ts';
import { codeOf, controlOf, idOf, type RequestFields } from '../../src/discord/custom-ids.ts';
import { loadRegistry } from '../../src/discord/dispatcher.ts';

const { controls: CONTROLS } = await loadRegistry();

const code = fc.string({ unit: 'binary', minLength: 1, maxLength: 80 }).map(codeOf);
const request = fc.record({
  question: fc.option(fc.string({ unit: 'binary', minLength: 1, maxLength: 300 })),
  meeting: fc.option(code),
  source: fc.option(code),
});
const page = fc.integer({ min: 0, max: 99 });
const place = fc.record({
  document: code,
  lines: fc.tuple(fc.nat(99_999), fc.nat(99_999)),
  digest: fc.constantFrom('0a1b2c3d', ''),
  sentence: fc.option(fc.tuple(fc.nat(999_999), fc.nat(999_999))),
});
const sources = fc.record({
  page,
  meeting: fc.option(code),
  sourceKind: fc.option(fc.constantFrom('official', 'agency', 'press', 'commentary')),
});

/** An id is valid for Discord, and belongs to its control alone. */
function expectValid(id: string, control: object): void {
  expect(id.length).toBeGreaterThan(0);
  expect(id.length).toBeLessThanOrEqual(100);
  expect(controlOf(id, CONTROLS)).toBe(control);
}

/** What is read is what was written, except that a question that is too long is left to the message. */
function expectSame(read: RequestFields | undefined, written: RequestFields): void {
  if (read?.question === null) expect(read).toEqual({ ...written, question: null });
  else expect(read).toEqual(written);
}

describe('a custom id', () => {
  it('has 1 to 100 characters and means what it meant, except for a question that does not fit', () => {
    fc.assert(
      fc.property(request, page, (fields, number) => {
        for (const control of [openPassages, turnPage]) {
          const id = control.encode({ page: number, request: fields });
          expectValid(id, control);
          const read = control.decode(id);
          expect(read?.page).toBe(number);
          expectSame(read?.request, fields);
        }
        const choice = { part: 3, what: 'source', isPrivate: true, request: fields } as const;
        const choiceId = choose.encode(choice);
        expectValid(choiceId, choose);
        expectSame(choose.decode(choiceId)?.request, fields);
        expect(choose.decode(choiceId)).toMatchObject({ part: 3, what: 'source', isPrivate: true });
        expectSame(askOn.decode(askOn.encode(fields)) ?? undefined, fields);
        for (const control of [
          thumbUp,
          thumbDown,
          sendRemark,
          tellMaintainer,
          askOn,
          sendFollowUp,
        ]) {
          const id = control.encode(fields);
          expectValid(id, control);
          expectSame(control.decode(id) ?? undefined, fields);
        }
      }),
    );
    fc.assert(
      fc.property(place, page, code, sources, (fields, number, meeting, filter) => {
        const contextId = showContext.encode({ ...fields, rank: number });
        expectValid(contextId, showContext);
        expect(showContext.decode(contextId)).toEqual(fields);
        const cardId = turnCard.encode(meeting);
        expectValid(cardId, turnCard);
        expect(turnCard.decode(cardId)).toBe(meeting);
        for (const control of [openCard, askAboutMeeting, sendQuestion]) {
          const id = control.encode(meeting);
          expectValid(id, control);
          expect(control.decode(id)).toBe(meeting);
        }
        const menuId = pickMeeting.encode(number);
        expectValid(menuId, pickMeeting);
        expect(pickMeeting.decode(menuId)).toBe(number);
        const voter = '0123456789abc_-Z';
        expectValid(takeBack.encode(voter), takeBack);
        expect(takeBack.decode(takeBack.encode(voter))).toBe(voter);
        for (const control of [turnSources, listSources]) {
          const id = control.encode(filter);
          expectValid(id, control);
          expect(control.decode(id)).toEqual(filter);
        }
      }),
    );
  });

  it('is written as it was in every message sent so far', () => {
    const fields = { question: 'Who?', meeting: 'blinken', source: null };
    const long = { ...fields, question: 'x'.repeat(90), source: 'mofa-us-fm' };
    expect([
      turnPage.encode({ page: 1, request: fields }),
      share.encode({}),
      thumbUp.encode(long),
      thumbDown.encode({ question: 'A | B?', meeting: null, source: 'mofa-us-fm' }),
      sendRemark.encode(fields),
      showContext.encode({
        ...{ rank: 3, document: 'blinken', lines: [55, 57], digest: 'bc8f04e9' },
        sentence: null,
      }),
      turnCard.encode('us-wps'),
      pickMeeting.encode(0),
      turnSources.encode({ page: 2, meeting: null, sourceKind: 'press' }),
      listSources.encode({ page: 0, meeting: 'sullivan', sourceKind: null }),
    ]).toEqual([
      '1|p|1|blinken||=Who?',
      '1|s',
      '1|u|blinken|mofa-us-fm|^',
      '1|d||mofa-us-fm|=A | B?',
      '1|w|blinken||=Who?',
      '1|x|3|blinken|55-57|bc8f04e9',
      '1|t|us-wps',
      '1|k|0',
      '1|b|2||press',
      '1|l|0|sullivan|',
    ]);
  });

  it('contains a question of ordinary length', () => {
    const question = 'How long did the meeting with Blinken last | really?';
    const fields = { question, meeting: 'blinken', source: null };
    const id = turnPage.encode({ page: 1, request: fields });
    expect(turnPage.decode(id)?.request).toEqual(fields);
  });

  it('of another version, or made up, is not understood', () => {
    for (const id of ['', '0|p|1|||=x', '1', '1|z']) {
      expect(controlOf(id, CONTROLS)).toBeUndefined();
    }
    expect(turnPage.decode('1|p|x|||=y')).toBeNull();
    expect(showContext.decode('1|x|1|doc|a-b|c')).toBeNull();
    expect(turnCard.decode('1|t')).toBeNull();
    expect(thumbUp.decode('1|u||')).toBeNull();
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (id) => {
        for (const control of CONTROLS) expect(control.decode(`2${id}`)).toBeNull();
      }),
    );
  });

  it('has a letter that no other control has', () => {
    const letters = CONTROLS.map(({ letter }) => letter);
    expect(new Set(letters).size).toBe(letters.length);
    for (const letter of letters) expect(letter).toMatch(/^[A-Za-z]$/);
  });
});

describe('a code of an id', () => {
  it('leads back to the id while it is known', () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(fc.string({ unit: 'binary', minLength: 1 }), { minLength: 1 }),
        (ids) => {
          const known = new Map(ids.map((id) => [id, null]));
          for (const id of ids) expect(idOf(codeOf(id), known)).toBe(id);
          expect(idOf(codeOf(`${ids.join('')}!`), known)).toBeNull();
        },
      ),
    );
  });
});

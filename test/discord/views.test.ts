import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { answerMessage } from '../../src/discord/buttons/answer.ts';
import { passagesMessage, contextView } from '../../src/discord/buttons/passages.ts';
import { choiceView } from '../../src/discord/commands/meeting.ts';
import { meetingCard } from '../../src/discord/buttons/card.ts';
import { sourcesPage } from '../../src/discord/commands/sources.ts';
import { feedbackView, unansweredView } from '../../src/discord/commands/admin.ts';
import { tourView } from '../../src/discord/commands/tour.ts';
import { readerOf } from '../../src/discord/services.ts';
import { oneLine } from '../../src/discord/text.ts';
import { questionFromMessage } from '../../src/discord/custom-ids.ts';
import type { View } from '../../src/discord/view.ts';
import { checkComponents } from '../../tools/local-discord/component-form.ts';
import { Form } from '../../tools/local-discord/form.ts';
import { anyAnswer, anyContext, anyMeeting, anySource, documentOf } from './any-snapshot.ts';

const locale = fc.constantFrom('en', 'ja');
const EMPTY = { documents: new Map(), meetings: [], sources: new Map() };
const runs = { numRuns: 75, endOnFailure: true };
const offered = [
  { label: 'x'.repeat(200), question: 'Who?' },
  { label: 'y', question: 'z'.repeat(120) },
  { label: '', question: '' },
];

/** Judged by the local Discord's own rules, not by the table the views were made with. */
function expectAccepted(view: View): void {
  const form = new Form();
  const components: unknown = JSON.parse(JSON.stringify(view.components));
  const attachments = new Set((view.files ?? []).map(({ name }) => name));
  checkComponents(form, ['components'], components, { v2: true, attachments });
  form.assertValid();
}

describe('every view keeps within Discord’s limits, whatever the corpus contains', () => {
  it('answers, on every page', () => {
    fc.assert(
      fc.property(anyAnswer, locale, fc.nat(5), fc.boolean(), (answer, reader, page, isPrivate) => {
        const options = { isPrivate, meeting: 'm'.repeat(200), source: null, offered };
        const view = answerMessage(answer, { ...readerOf(EMPTY, reader), ...options });
        expectAccepted(view);
        const request = { question: answer.question, meeting: null, source: null };
        expectAccepted(passagesMessage(answer, { ...readerOf(EMPTY, reader), page, request }));
        const asked = oneLine(answer.question);
        if (asked !== '') expect(questionFromMessage(view.components)).toBe(asked);
      }),
      runs,
    );
  });

  it('cards of meetings', () => {
    fc.assert(
      fc.property(
        fc.array(anyMeeting, { minLength: 1 }),
        anySource,
        fc.array(fc.string({ minLength: 1, maxLength: 100 }), { maxLength: 6 }),
        locale,
        (meetings, source, questions, reader) => {
          const [meeting] = meetings;
          if (meeting === undefined) return;
          const text = `They agreed on ${source.title}. ${source.publisher.repeat(5)} They met.`;
          const document = documentOf(meeting, text, [source.id]);
          const snapshot = {
            meetings,
            sources: new Map([[source.id, source]]),
            documents: new Map([[meeting.id, document]]),
          };
          // Documents may have one question twice.
          const twice = [...questions, ...questions];
          expectAccepted(meetingCard(meeting, { ...readerOf(snapshot, reader), questions: twice }));
        },
      ),
      runs,
    );
  });

  it('the tour, with a hundred stops and more', () => {
    const many = fc.uniqueArray(anyMeeting, { selector: ({ id }) => id, maxLength: 130 });
    const drawn = { png: Buffer.alloc(1), alt: 'a'.repeat(3000) };
    fc.assert(
      fc.property(many, locale, fc.boolean(), (meetings, reader, isWhole) => {
        const snapshot = { meetings, sources: new Map(), documents: new Map() };
        const part = isWhole ? null : { title: '*'.repeat(300), meetings, day: null };
        expectAccepted(tourView({ ...readerOf(snapshot, reader), part, drawn }));
        expectAccepted(tourView({ ...readerOf(snapshot, reader), part, drawn: null }));
      }),
      { numRuns: 40, endOnFailure: true },
    );
  });

  it('sources, contexts and lists for admins', () => {
    fc.assert(
      fc.property(
        fc.array(anySource, { maxLength: 40 }),
        locale,
        fc.nat(9),
        (sources, reader, page) => {
          const snapshot = {
            ...EMPTY,
            sources: new Map(sources.map((source) => [source.id, source])),
          };
          const fields = { meeting: null, sourceKind: null, page };
          expectAccepted(sourcesPage(fields, readerOf(snapshot, reader)));
        },
      ),
      runs,
    );
    fc.assert(
      fc.property(anyContext, locale, (context, reader) => {
        const sentence = context.paragraphs[0]?.text.slice(0, 40) ?? '';
        expectAccepted(contextView(context, { ...readerOf(EMPTY, reader), sentence }));
      }),
      runs,
    );
    const question = '*'.repeat(300);
    const at = '2026-01-01T00:00:00Z';
    const unanswered = {
      question,
      wordings: [question, question, question],
      times: 2,
      verdict: 'weak',
      reason: question,
      lastAsked: at,
    } as const;
    const feedback = {
      type: 'feedback',
      at,
      question,
      meeting: null,
      verdict: null,
      reason: null,
      vote: 'down',
      remark: question,
    } as const;
    const many = Array.from({ length: 80 }, (_, index) => ({
      ...unanswered,
      question: `${index}${question}`,
    }));
    expectAccepted(unansweredView(many, readerOf(EMPTY, 'ja')));
    expectAccepted(unansweredView([], readerOf(EMPTY, 'en')));
    expectAccepted(feedbackView(Array(80).fill(feedback), readerOf(EMPTY, 'en')));
  });
});

describe('which meeting', () => {
  it('is asked with a menu that leads to meetings', () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(anyMeeting, { selector: ({ id }) => id, maxLength: 40 }),
        fc.option(fc.string({ unit: 'binary', minLength: 1, maxLength: 300 }).map(oneLine)),
        (meetings, question) => {
          const snapshot = { meetings, sources: new Map(), documents: new Map() };
          const wanted = { question, meeting: null, source: null, isPrivate: false };
          expectAccepted(choiceView(readerOf(snapshot, 'en'), meetings, wanted, 'Which?'));
        },
      ),
      { numRuns: 40, endOnFailure: true },
    );
  });
});

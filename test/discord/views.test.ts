import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { View } from '../../src/discord/payload.ts';
import { questionIn } from '../../src/discord/read-back.ts';
import { oneLine } from '../../src/discord/escape.ts';
import { answerView } from '../../src/discord/views/answer.ts';
import { contextView } from '../../src/discord/views/context.ts';
import { meetingView, whichMeetingNotice } from '../../src/discord/views/meeting.ts';
import { sourcesView } from '../../src/discord/views/sources.ts';
import { tourView } from '../../src/discord/views/tour.ts';
import { feedbackView, unansweredView } from '../../src/discord/views/admin.ts';
import { checkComponents } from '../support/discord/component-form.ts';
import { Form } from '../support/discord/form.ts';
import { anyAnswer, anyContext, anyMeeting, anySource, documentOf } from './any-snapshot.ts';

const locale = fc.constantFrom('en', 'ja');
const runs = { numRuns: 150 };

/** Judged by the local Discord's own rules, not by the table the views were made with. */
function expectAccepted(view: View): void {
  const form = new Form();
  const components: unknown = JSON.parse(JSON.stringify(view.components));
  const attachments = new Set((view.files ?? []).map(({ name }) => name));
  checkComponents(form, ['components'], components, { v2: true, attachments });
  form.assertValid();
}

describe('every view keeps within Discord’s limits, whatever the corpus holds', () => {
  it('answers, on every page', () => {
    fc.assert(
      fc.property(anyAnswer, locale, fc.nat(5), fc.boolean(), (answer, reader, page, isPrivate) => {
        const edition = { documents: new Map(), meetings: [], sources: new Map() };
        const options = { edition, page, isPrivate, meeting: 'm'.repeat(200), source: null };
        const view = answerView(answer, { ...options, locale: reader });
        expectAccepted(view);
        const asked = oneLine(answer.question);
        if (asked !== '') expect(questionIn(view.components)).toBe(asked);
      }),
      runs,
    );
  });

  it('cards of meetings', () => {
    fc.assert(
      fc.property(
        fc.array(anyMeeting, { minLength: 1 }),
        anySource,
        locale,
        (meetings, source, reader) => {
          const [meeting] = meetings;
          if (meeting === undefined) return;
          const text = `They agreed on ${source.title}. ${source.publisher.repeat(5)} They met.`;
          const document = documentOf(meeting, text, [source.id]);
          const edition = {
            meetings,
            sources: new Map([[source.id, source]]),
            documents: new Map([[meeting.id, document]]),
          };
          expectAccepted(meetingView(meeting, { edition, locale: reader }));
        },
      ),
      runs,
    );
  });

  it('the tour, with a hundred stops and more', () => {
    const many = fc.uniqueArray(anyMeeting, { selector: ({ id }) => id, maxLength: 130 });
    const drawn = { png: Buffer.alloc(1), alt: 'a'.repeat(3000) };
    fc.assert(
      fc.property(many, locale, fc.constantFrom(null, '2024-01-12'), (meetings, reader, day) => {
        expectAccepted(tourView({ edition: { meetings }, locale: reader, day, drawn }));
        expectAccepted(tourView({ edition: { meetings }, locale: reader, day, drawn: null }));
      }),
      { numRuns: 40 },
    );
  });

  it('sources, contexts and lists for keepers', () => {
    fc.assert(
      fc.property(
        fc.array(anySource, { maxLength: 40 }),
        locale,
        fc.nat(9),
        (sources, reader, page) => {
          const options = { sources, meeting: null, sourceKind: null, page };
          expectAccepted(sourcesView({ ...options, locale: reader }));
        },
      ),
      runs,
    );
    fc.assert(
      fc.property(anyContext, locale, (context, reader) => {
        expectAccepted(contextView(context, { locale: reader }));
      }),
      runs,
    );
    const question = '*'.repeat(300);
    const at = '2026-01-01T00:00:00Z';
    const unanswered = {
      question,
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
    expectAccepted(unansweredView(Array(80).fill(unanswered), { locale: 'ja' }));
    expectAccepted(feedbackView(Array(80).fill(feedback), { locale: 'en' }));
  });
});

describe('which meeting', () => {
  it('is asked with a menu that leads to meetings', () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(anyMeeting, { selector: ({ id }) => id, maxLength: 40 }),
        (meetings) => {
          const notice = whichMeetingNotice('x'.repeat(6000), { meetings, locale: 'en' });
          const form = new Form();
          const rows: unknown = JSON.parse(JSON.stringify(notice.rows ?? []));
          checkComponents(form, ['components'], rows, { v2: false, attachments: new Set() });
          form.assertValid();
          expect(notice.content.length).toBeLessThanOrEqual(2000);
        },
      ),
      { numRuns: 40 },
    );
  });
});

import type { Answer } from '../answer/types.ts';
import type { Asked } from './answers.ts';
import type { Call } from './interaction-context.ts';
import { answerView } from './views/answer.ts';

export interface Showing {
  readonly page: number;
  readonly isPrivate: boolean;
  readonly note?: string;
}

/** Answers what was asked into the deferred reply. */
export async function showAnswer(call: Call, asked: Asked, showing: Showing): Promise<Answer> {
  const { desk, edition, locale, responder } = call;
  const answer = await desk.answers.answer(edition, asked);
  await responder.fill(
    answerView(answer, {
      edition,
      locale,
      meeting: asked.meeting,
      source: asked.source,
      ...showing,
    }),
  );
  return answer;
}

/** As `showAnswer`, for a question asked anew: one without a clear answer goes to the journal. */
export async function answerQuestion(call: Call, asked: Asked, showing: Showing): Promise<void> {
  const answer = await showAnswer(call, asked, showing);
  const { verdict, confidence, reason, timing, generation } = answer;
  call.log.info({ event: 'ask.answered', verdict, confidence, ms: timing.totalMs, generation });
  if (verdict === 'answered') return;
  const { question, meeting } = asked;
  const at = new Date().toISOString();
  await call.desk.journal
    .record({ type: 'unanswered', at, question, meeting, verdict, reason, generation })
    .catch((err: unknown) => call.log.warn({ event: 'journal.failed', err }));
}

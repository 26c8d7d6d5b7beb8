import { describeQuoted } from '../answer/citations.ts';
import type { Answer } from '../answer/types.ts';

/** A question that could not be asked. */
export interface FailedQuestion {
  readonly question: string;
  readonly error: { readonly code: string; readonly message: string; readonly hint: string | null };
}

/**
 * One line of JSON: the keys, and their order, that other programs rely on. Built key by key, so that
 * nothing internal gets into the contract by accident.
 */
export function answerJson(answer: Answer): string {
  return jsonLine({
    question: answer.question,
    verdict: answer.verdict,
    reason: answer.reason,
    confidence: answer.confidence,
    excerpts: answer.excerpts.map((excerpt) => ({
      rank: excerpt.rank,
      text: excerpt.text,
      highlight: excerpt.highlight,
      document: {
        id: excerpt.document.id,
        title: excerpt.document.title,
        path: excerpt.document.path,
        lines: excerpt.document.lines,
      },
      meeting: excerpt.meeting && {
        id: excerpt.meeting.id,
        title: excerpt.meeting.title,
        date: excerpt.meeting.date,
        place: excerpt.meeting.place,
      },
      sources: excerpt.sources.map(
        ({ id, title, publisher, published, url, kind, host, copy }) => ({
          id,
          title,
          publisher,
          published,
          url,
          kind,
          host,
          copy,
        }),
      ),
      alsoReportedBy: excerpt.alsoReportedBy,
      score: excerpt.score,
      quoted: {
        kind: excerpt.quoted.kind,
        text: describeQuoted(excerpt.quoted, 'en'),
        url: excerpt.quoted.kind === 'page' ? excerpt.quoted.url : null,
      },
    })),
    listing: answer.listing && {
      kind: answer.listing.kind,
      title: answer.listing.title,
      value: answer.listing.value,
      meetings: answer.listing.meetings.map(({ id, title, date, place }) => ({
        id,
        title,
        date,
        place,
      })),
    },
    versions: answer.versions?.map(({ value, excerpts }) => ({ value, excerpts })) ?? null,
    timing: {
      embedMs: answer.timing.embedMs,
      searchMs: answer.timing.searchMs,
      totalMs: answer.timing.totalMs,
    },
    generation: answer.generation,
  });
}

/** What stands for an answer in a series, so that one bad question does not shift the others. */
export function failedQuestionJson({ question, error }: FailedQuestion): string {
  const { code, message, hint } = error;
  return jsonLine({ question, error: { code, message, hint } });
}

/** Beyond what JSON demands, characters that steer a terminal are written as escapes: the value is the same. */
function jsonLine(value: unknown): string {
  return JSON.stringify(value).replace(
    /[\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

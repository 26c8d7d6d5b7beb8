import { isOpenQuestion } from '../corpus/passages.ts';
import type { Listing } from '../itinerary/listing.ts';
import { termsOf } from '../language/terms.ts';
import type { SearchIndex } from '../search/search-index.ts';

/** A list of the meetings whose own documents speak of something. */
export interface TopicList {
  readonly listing: Listing;
  /** Ordinals of the passages that do. */
  readonly ordinals: ReadonlySet<number>;
}

const MEETINGS = '(?:meetings|talks|conversations|encounters)';
/** "Which meetings were about X", "meetings on X", "in which talks was X discussed". */
const ABOUT = new RegExp(
  `^(?:in |at |during )?(?:(?:which|what|how many|list(?: of)?|name|all)\\b ?(?:all )?)?(?:of )?(?:the |her |his |their )?${MEETINGS}\\b[^?]{0,30}?\\b(?:about|on|concerning|regarding|dealt with|touched on|devoted to|discussed|mentioned) (?<topic>[^?.!]+)`,
  'i',
);
const PASSIVE = new RegExp(
  `^(?:in|at|during) (?:which|what|how many) (?:of (?:the|her) )?${MEETINGS} (?:was|were|did) (?:she |they )?(?<topic>[^?.!]+?) (?:discussed|raised|mentioned|talked about|spoken of|brought up|come up|a (?:topic|subject))`,
  'i',
);
/** Words that this many meetings use distinguish none of them. */
const MOST_MEETINGS = 12;

/** The meetings about a topic, by the words of their documents; null where the question asks for something else. */
export function topicList(index: SearchIndex, question: string): TopicList | null {
  const match = PASSIVE.exec(question) ?? ABOUT.exec(question);
  const topic = match?.groups?.['topic']?.trim();
  if (topic === undefined) return null;
  const ids = termsOf(topic, index.names).map(({ term }) => index.lexical.termId(term));
  const terms = ids.filter((id) => id !== null);
  if (terms.length === 0 || terms.length < ids.length) return null;
  const found = index.passages.flatMap((passage, ordinal) => {
    const meeting = index.documents.get(passage.documentId)?.meeting ?? null;
    if (meeting === null || isOpenQuestion(passage)) return [];
    const sentences = index.units.sentences(ordinal);
    const isHeld = terms.every((term) => sentences.some((unit) => unit.includes(term)));
    return isHeld ? [{ meeting, ordinal }] : [];
  });
  const meetings = [...new Map(found.map(({ meeting }) => [meeting.id, meeting])).values()];
  if (meetings.length === 0 || meetings.length > MOST_MEETINGS) return null;
  meetings.sort((a, b) => a.order - b.order);
  const listing: Listing = {
    kind: 'meetings',
    title: `Meetings about ${topic}: ${meetings.length}`,
    value: meetings.length,
    meetings: meetings.map(({ id, title, date, city, country }) => ({
      ...{ id, title, date },
      place: `${city}, ${country}`,
    })),
    note: 'By the words of the document about each meeting',
    items: [],
  };
  return { listing, ordinals: new Set(found.map(({ ordinal }) => ordinal)) };
}

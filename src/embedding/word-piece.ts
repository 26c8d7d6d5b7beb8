/**
 * Lower-casing WordPiece, token for token what @xenova/transformers makes of a tokenizer.json with BertNormalizer,
 * BertPreTokenizer and WordPiece. The library's own takes ten times as long (it walks every text character by
 * character and never remembers a word), and with a static model tokenising is nearly all the work there is.
 *
 * One difference, on purpose: "[SEP]" in a text is three tokens of text here, never a special token.
 */
export class WordPiece {
  readonly #ids: ReadonlyMap<string, number>;
  readonly #unknownId: number;
  readonly #maxCharacters: number;
  /** Words that are not tokens themselves, already split. Dropped as a whole when it has grown too large. */
  readonly #split = new Map<string, readonly number[]>();

  /**
   * @param ids token to id; word-internal pieces start with `##`
   * @param maxCharacters longer words become one unknown token, in code points
   */
  constructor(ids: ReadonlyMap<string, number>, unknownId: number, maxCharacters: number) {
    this.#ids = ids;
    this.#unknownId = unknownId;
    this.#maxCharacters = maxCharacters;
  }

  /** Token ids of the text in order, unknown tokens included, no special tokens added. */
  encode(text: string): number[] {
    const out: number[] = [];
    for (const word of words(text)) {
      // A whole word of the vocabulary is always its own longest match.
      const id = this.#ids.get(word);
      if (id !== undefined && word.length <= this.#maxCharacters) out.push(id);
      else for (const piece of this.#pieces(word)) out.push(piece);
    }
    return out;
  }

  #pieces(word: string): readonly number[] {
    const known = this.#split.get(word);
    if (known !== undefined) return known;
    if (this.#split.size >= MAX_REMEMBERED_WORDS) this.#split.clear();
    const pieces = this.#longestMatches(Array.from(word));
    this.#split.set(word, pieces);
    return pieces;
  }

  #longestMatches(characters: readonly string[]): readonly number[] {
    if (characters.length > this.#maxCharacters) return [this.#unknownId];
    const pieces: number[] = [];
    let start = 0;
    while (start < characters.length) {
      let end = characters.length;
      let id: number | undefined;
      for (; end > start; end--) {
        id = this.#ids.get((start > 0 ? '##' : '') + characters.slice(start, end).join(''));
        if (id !== undefined) break;
      }
      if (id === undefined) return [this.#unknownId];
      pieces.push(id);
      start = end;
    }
    return pieces;
  }
}

const MAX_REMEMBERED_WORDS = 50_000;

const NOT_PLAIN = /[^\t\n\r\x20-\x7e]/;
const PLAIN_WORDS = /[a-z0-9]+|[^\sa-z0-9]/g;
const DROPPED = /[\0\ufffd]|(?![\t\n\r])[\p{Cc}\p{Cf}\p{Co}\p{Cs}]/gu;
/** The library looks at UTF-16 units, so ideographs outside the Basic Multilingual Plane are not set apart. */
const IDEOGRAPH = /[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]/g;
const ACCENT = /[\u0300-\u036f]/g;
const ASCII_PUNCTUATION = '\\u0021-\\u002F\\u003A-\\u0040\\u005B-\\u0060\\u007B-\\u007E';
const WORDS = new RegExp(`[^\\s\\p{P}${ASCII_PUNCTUATION}]+|[\\p{P}${ASCII_PUNCTUATION}]`, 'gu');

/** Lower-case words and single punctuation marks, accents gone, control characters dropped. */
function words(text: string): readonly string[] {
  if (!NOT_PLAIN.test(text)) return text.toLowerCase().match(PLAIN_WORDS) ?? [];
  return (
    text
      .replace(DROPPED, '')
      .replace(IDEOGRAPH, ' $& ')
      .toLowerCase()
      .normalize('NFD')
      .replace(ACCENT, '')
      .match(WORDS) ?? []
  );
}

/** Letters that Unicode does not decompose into a base letter and a mark. */
const UNDECOMPOSED: Readonly<Record<string, string>> = {
  ł: 'l',
  ø: 'o',
  đ: 'd',
  ð: 'd',
  þ: 'th',
  ß: 'ss',
  æ: 'ae',
  œ: 'oe',
  ı: 'i',
};

/**
 * Lower case without diacritics, compatibility forms or invisible characters, so that "Türkiye", "TURKIYE"
 * and "ｔürkiye" compare equal. The length may change: fold words, not texts whose offsets matter.
 */
export function fold(text: string): string {
  return (
    text
      // Before the rest: the compatibility form of an acute accent that stands alone is a space and a mark.
      .replace(/[‘’ʼ`´]/g, "'")
      .normalize('NFKD')
      .toLowerCase()
      .replace(/[\p{M}\p{Cf}]/gu, '')
      .replace(/[łøđðþßæœı]/g, (letter) => UNDECOMPOSED[letter] ?? letter)
  );
}

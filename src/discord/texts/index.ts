import { en, type Texts } from './en.ts';
import { ja } from './ja.ts';

export type { Texts };

/** The languages that replies are written in. */
export type Locale = 'en' | 'ja';

/** Discord sends `ja`, `en-GB`, `pt-BR`; readers of any other language get English. */
export function localeOf(discordLocale: string | undefined): Locale {
  return discordLocale?.toLowerCase().split('-')[0] === 'ja' ? 'ja' : 'en';
}

export function textsIn(locale: Locale): Texts {
  return locale === 'ja' ? ja : en;
}

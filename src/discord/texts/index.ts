import type { Locale } from '../dates.ts';
import { en, type Texts } from './en.ts';
import { ja } from './ja.ts';

export type { Texts };

/** Discord writes `ja`, `en-GB`, `pt-BR`; what is not translated is read in English. */
export function localeOf(discordLocale: string | undefined): Locale {
  return discordLocale?.toLowerCase().split('-')[0] === 'ja' ? 'ja' : 'en';
}

export function textsIn(locale: Locale): Texts {
  return locale === 'ja' ? ja : en;
}

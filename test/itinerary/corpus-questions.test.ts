import { describe, expect, it } from 'vitest';
import { readCorpus } from '../../src/corpus/read-corpus.ts';
import { Itinerary } from '../../src/itinerary/itinerary.ts';
import { Facts } from './facts.ts';
import { JAPANESE_NAMES } from './japanese-names.ts';

const { corpus } = await readCorpus('corpus/meetings');
const itinerary = new Itinerary(corpus.meetings, { names: JAPANESE_NAMES });
const facts = new Facts(corpus.meetings, 'Kamikawa Yoko', [
  'spilno',
  'io-dinner',
  'warsaw-ukrainian-women',
  'sweden-dinner',
]);
const { meetings } = corpus;

const abroad = facts.ids(({ country }) => country !== 'Japan');
const countries = facts.firsts(({ country }) => country, abroad);
const cities = facts.firsts(({ city }) => city, abroad);
const namesOf = (ids: readonly string[], of: 'city' | 'country'): string[] =>
  ids.map((id) => meetings.find((meeting) => meeting.id === id)?.[of] ?? '');
const EUROPE = ['Poland', 'Ukraine', 'Finland', 'Sweden', 'Netherlands', 'Germany'];
const FOREIGN = facts.office(/Foreign Affairs|^Secretary of State/);
const PRESIDENTS = facts.office(/^President$/, /Republic|^Ukraine$/);
const LUNCHES = facts.titled(/lunch/i);
const PRESS = facts.titled(/press (?:conference|announcement)/i);
const longest = (ids: readonly string[]): number =>
  Math.max(...meetings.filter(({ id }) => ids.includes(id)).map((one) => one.durationMinutes ?? 0));
const ALL = facts.ids(() => true);

interface Row {
  readonly question: string;
  readonly value?: string | number | null;
  readonly meetings?: readonly string[];
  readonly items?: readonly string[];
}
const row = (question: string, value: Row['value'], ids?: readonly string[]): Row => ({
  question,
  ...(value === undefined ? {} : { value }),
  ...(ids === undefined ? {} : { meetings: ids }),
});
/** A list of meetings: its value is their number. */
const events = (question: string, ids: readonly string[]): Row => row(question, ids.length, ids);
const people = (question: string, ids: readonly string[], names = facts.people(ids)): Row => ({
  ...row(question, undefined, ids),
  items: names,
});
const places = (question: string, items: readonly string[], ids?: readonly string[]): Row => ({
  ...row(question, undefined, ids),
  items,
});

const ENGLISH: readonly Row[] = [
  // What a country, a day or a person must have as a whole
  places('which countries did she spend only one day in', [
    'Ukraine',
    'Finland',
    'Netherlands',
    'United States',
    'Canada',
  ]),
  places('cities where she was for two days running', ['Stockholm', 'Hamburg', 'Ankara']),
  row('was there a day when she saw a prime minister AND a president', 'January 7, 2024', [
    'shmyhal',
    'zelenskyy',
  ]),
  row('which country had no foreign minister meeting at all', 'Germany'),
  row('any country where the foreign minister was the only person she met', 'Canada'),
  row('did she meet anybody on two different days of the trip', 'no'),
  // Of groups of women nobody knows how many they were.
  row('did she meet more men or women', 'men'),
  row('did she go to more than two countries in a day', 'no'),
  row(
    'On how many days did she see both the foreign minister and the president of the same country?',
    3,
  ),
  // Lengths, hours and where she was
  row('where did she spend the night of the 9th', 'Stockholm', ['sweden-dinner']),
  row('difference in minutes between the ICJ visit and the one at the sea tribunal', 40, [
    'icj',
    'itlos',
  ]),
  row('how many minutes between when the Sullivan talk started and when the Blinken one did', null),
  row('earliest start of any of the meetings', '08:45', ['icj']),
  row('Kuleba or Joly, which one ran longer?', 'equal', ['kuleba', 'joly']),
  events('which meetings went past the hour and a half mark', [
    'kuleba',
    'sweden-dinner',
    'bruins-slot',
    'joly',
  ]),
  row("half past two in the afternoon on the 11th, who's she with", 'Piotr Hofmański', [
    'icc-president',
  ]),
  // Told apart from what surrounds them
  events('taiwan voted on the 13th - what was she doing that day and where', ['joly']),
  row('Did she meet Zelenskyy and Kuleba on the same day?', 'yes'),
  row('Was Duda the only president she met?', 'no'),
  // What is left out
  people('who did she meet in the hague besides the judges', ['bruins-slot', 'icc-prosecutor']),
  places('countries outside Europe', ['United States', 'Canada', 'Türkiye']),
  row('how many countries did she visit outside Europe?', 3),
  events('events in Ukraine except Kyiv', [...facts.at('Bucha'), ...facts.at('Irpin')]),
  people(
    'ministers other than foreign ministers',
    ['nowacka', 'shmyhal', 'energy-handover', 'raimondo'],
    ['Barbara Nowacka', 'Denys Shmyhal', 'German Galushchenko', 'Gina Raimondo'],
  ),
  // Several at an end
  places('the first three countries', namesOf(countries.slice(0, 3), 'country')),
  places('last two stops', namesOf(cities.slice(-2), 'city')),
  row('the two longest meetings', undefined, ['sweden-dinner', 'bruins-slot']),
  places('penultimate stop', ['Hamburg'], ['tschentscher']),
  row(
    'what was the second meeting in Stockholm?',
    meetings.find(({ id }) => id === 'kronlid')?.title,
    ['kronlid'],
  ),
  // Between two events, on the day of one, by the hour
  people('foreign ministers she met after Kyiv but before Washington', [
    ...['sikorski', 'valtonen', 'billstrom', 'bruins-slot'],
  ]),
  row('what else did she do on the day she met Erdoğan', 4, facts.on('16')),
  events('meetings that started after 3pm', [
    ...['zelenskyy', 'io-dinner', 'sweden-dinner', 'icc-staff', 'tschentscher', 'erdogan'],
  ]),
  // Sums and comparisons
  row('how many minutes did she spend in meetings in The Hague', 210),
  row('did she have more meetings in Kyiv than in The Hague', 'yes'),
  row('were there more meetings in Washington or in The Hague?', 'The Hague'),
  row(
    'how many meetings in each country?',
    'Poland: 4, Ukraine: 7, Finland: 2, Sweden: 3, Netherlands: 5, United States: 4, Canada: 1, Germany: 2, Türkiye: 3',
  ),
  row('days without meetings', 'January 5, 2024, January 17, 2024, January 18, 2024'),
  row('did the lunch with the dutch minister last more than 90 minutes', 'yes', ['bruins-slot']),
  row('did the talks with Joly last less than an hour', 'no', ['joly']),
  row('did she meet more than five foreign ministers', 'yes', FOREIGN),
  row('did she visit at least 10 countries', 'no'),
  row('did she visit Poland twice', 'yes'),
  row('did she visit Sweden more than once', 'no'),
  places('where was the longest meeting', ['Stockholm'], ['sweden-dinner']),
  row('when was the longest meeting', 'January 9, 2024', ['sweden-dinner']),
  places('which country had only one meeting?', ['Canada'], ['joly']),
  places('cities where she had exactly one meeting', ['Montréal'], ['joly']),
  events('which meetings did she have with courts', [
    ...['icj', 'icc-president', 'icc-prosecutor', 'icc-staff', 'itlos'],
  ]),
  row('which weekday was she in Hamburg', 'Sunday, January 14, 2024, Monday, January 15, 2024'),
  // Kinds and groups
  events('how many joint press conferences were there', ['kuleba-press', 'fidan']),
  row('how many times did she speak to the press', PRESS.length, PRESS),
  places('which G7 countries did she visit', ['United States', 'Canada', 'Germany']),
  places('which capitals did she visit', [
    ...['Warsaw', 'Kyiv', 'Helsinki', 'Stockholm', 'Washington D.C.', 'Ankara'],
  ]),
  // Arrivals and departures, by the events of each stay
  row('when did she leave Japan', 'January 5, 2024', ['departure']),
  row('When did Kamikawa arrive in Kyiv?', 'January 7, 2024'),
  row('when did she return to Tokyo', 'January 18, 2024', ['return']),
  row('On what day did she arrive back in Japan', 'January 18, 2024', ['return']),
  row('last thing she did before going home', undefined, ['presser-ankara']),
  row('when did she come home', 'January 18, 2024', ['return']),
  row('what day did she reach The Hague', 'January 11, 2024'),
  row('when did she leave Ukraine', 'January 7, 2024'),
  row('when did she arrive in Warsaw', 'January 6, 2024, January 8, 2024'),
  row('How many days was she away?', 14),
  row('when exactly did she see Erdogan, local time', '19:20', ['erdogan']),
  row('Order of the cities please, from start to finish.', undefined),
  row('What was the very first meeting abroad?', undefined, ['nowacka']),
  row('Who is Yoko Kamikawa? Career etc.', undefined),
  events('Hamburg stop, short summary please', facts.at('Hamburg')),
  // Colleagues in office
  people('who were her counterparts', FOREIGN),
  people('who is her Finnish counterpart', ['valtonen']),
  // How many
  row('how many foreign ministers did she meet', 8, FOREIGN),
  row('Number of foreign ministers met?', 8, FOREIGN),
  row('how many prime ministers did she meet on the trip?', 1, ['shmyhal']),
  row('how many heads of state did she see', PRESIDENTS.length, PRESIDENTS),
  row('how many press conferences did she hold', PRESS.length, PRESS),
  row('how many lunches were there', LUNCHES.length, LUNCHES),
  row('how many courtesy calls did she pay', 4, facts.titled(/courtesy call/i)),
  row('how many countries did she visit', 9, countries),
  row('how many different countries', 9, countries),
  row(
    'how many countries in Europe did she visit',
    6,
    countries.slice(0, 5).concat('tschentscher'),
  ),
  row('how many cities were on the tour', cities.length, cities),
  row('how many days did the tour last', 14),
  row('how many days was she in Germany', 2, facts.within('Germany')),
  row('how many nights did she spend in Ankara', 1),
  row('how many nights in Stockholm', 1),
  row('how many people did she meet in Washington', 7, facts.met(facts.at('Washington D.C.'))),
  row('how many people did she meet from the US', 7),
  row('how many meetings did she have in Kyiv', 7, facts.met(facts.at('Kyiv'))),
  row('how many meetings on the 11th', 5, facts.on('11')),
  row('how many meetings did she have after January 12', 6),
  row('how many meetings lasted more than an hour', 7),
  row('how many times was she in Warsaw', 2),
  row('how often did she meet Kuleba', 2, ['kuleba', 'kuleba-press']),
  row('how many events were there in total', ALL.length, ALL),
  row('how many court presidents did she meet', 3, ['icj', 'icc-president', 'itlos']),
  row('how many wreaths did she lay', 2, facts.titled(/wreath/i)),
  row('how many meetings did she have with presidents', 3, PRESIDENTS),
  row('how many world courts did she visit', 3),
  row('how many press conferences in Helsinki', 0, []),
  row('foreign ministers met before Kyiv', 0, []),
  row('meetings in Europe on a Friday', 0, []),
  // Who
  people('who did she meet in The Hague', facts.at('The Hague')),
  people('ワシントンで会った大臣は誰ですか', ['blinken', 'raimondo']),
  people('ワーキング・ランチをした外相は誰ですか', [
    'kuleba',
    'valtonen',
    'billstrom',
    'bruins-slot',
  ]),
  people('which foreign ministers in North America', ['blinken', 'joly']),
  people('who did she meet on the weekend of the 13th/14th?', ['joly', 'tschentscher']),
  people('ワシントンではブリンケン以外に誰と会談しましたか', ['us-wps', 'sullivan', 'raimondo']),
  people('who did she see in Holland', facts.at('The Hague')),
  people('who did she meet in Washington?', facts.met(facts.at('Washington D.C.'))),
  people('list everyone she met on January 12', facts.met(facts.on('12'))),
  people('who did she meet on Wednesday', facts.on('10')),
  people('which presidents did she meet', PRESIDENTS),
  people('who are the leaders she met', ['shmyhal', ...PRESIDENTS]),
  people('which leaders did she meet?', ['shmyhal', ...PRESIDENTS]),
  people('which presidents of courts did she meet', ['icj', 'icc-president', 'itlos']),
  people('which foreign ministers did she meet after Blinken', ['joly', 'fidan']),
  people('which foreign ministers did she have lunch with', LUNCHES),
  people('which Ukrainian ministers did she meet', ['kuleba', 'shmyhal', 'energy-handover']),
  people('which ministers did she meet in Warsaw', ['nowacka', 'sikorski']),
  people(
    'which judges did she meet',
    ['icj', 'icc-president', 'icc-staff', 'itlos'],
    ['Joan E. Donoghue', 'Piotr Hofmański', 'Akane Tomoko', 'Tomas Heidar'],
  ),
  people('Americans she met', facts.met(facts.at('Washington D.C.'))),
  people('which presidents did she meet, and where?', PRESIDENTS),
  people('which mayor did she meet', ['tschentscher']),
  people('which deputy speaker did she meet', ['kronlid']),
  people('who did she meet at the ICC', facts.titled(/International Criminal Court/)),
  people('who from NYTKIS did she meet', ['nytkis']),
  people('who did she meet more than once', ['kuleba', 'kuleba-press']),
  people('did she meet anyone twice', ['kuleba', 'kuleba-press']),
  people('who welcomed her in Canada', ['joly']),
  people('with whom did she speak in Montréal', ['joly']),
  people('who did she meet before going to Ukraine', ['nowacka']),
  people('who did she see on the 15th', ['itlos']),
  people(
    'which American officials did she meet',
    facts.met(facts.within('United States')),
    facts
      .people(facts.met(facts.within('United States')))
      .filter((name) => name !== 'Melanne Verveer'),
  ),
  // Abbreviations, slips and the forms of dates
  row('how meny contries did she vist', 9, countries),
  row('pressers after Warsaw', 3, ['presser-washington', 'fidan', 'presser-ankara']),
  people('which PM did she meet', ['shmyhal']),
  people('whos the sec state she met', ['blinken']),
  ...['January 8', '8 Jan', 'jan 8th', 'the 8th of January'].map((day) =>
    people(`which FM did she meet on ${day}`, ['sikorski']),
  ),
  // Where
  places('where was she on the 14th', ['Hamburg'], ['tschentscher']),
  places('where was she on January 12', ['Washington D.C.'], facts.on('12')),
  places('where was she on Monday', ['Warsaw', 'Hamburg'], facts.on('08', '15')),
  places('where was she on the third day', ['Bucha', 'Irpin', 'Kyiv'], facts.on('07')),
  places('where was she on the last day', ['Tokyo'], ['return']),
  places('where was she the day before Kyiv', ['Warsaw'], facts.on('06')),
  places('where was she the day after Kyiv', ['Warsaw'], facts.on('08')),
  places('where was she two days before Hamburg', ['Washington D.C.'], facts.on('12')),
  places('where was the minister on 9.1.', ['Helsinki', 'Stockholm'], facts.on('09')),
  places('where did she meet Joly', ['Montréal'], ['joly']),
  places('where did she have dinner', ['Kyiv', 'Stockholm', 'Ankara'], facts.titled(/dinner/i)),
  places('which cities did she visit', namesOf(cities, 'city'), cities),
  places('which countries did she go to', namesOf(countries, 'country'), countries),
  places(
    'which nordic countries did she visit',
    ['Finland', 'Sweden'],
    ['nytkis', 'sweden-dinner'],
  ),
  places('which places in ukraine did she go to', ['Bucha', 'Irpin', 'Kyiv']),
  places('which continents did she visit', ['Europe', 'Americas', 'Asia']),
  // The home country is one of them, but was not visited.
  places('which asian countries did she visit', ['Türkiye']),
  places('アジアの国はどこを訪問しましたか', ['Türkiye']),
  places('which cities did she visit in the second week', [
    'Washington D.C.',
    'Montréal',
    'Hamburg',
    'Ankara',
  ]),
  places('which courts did she visit', [
    'International Court of Justice',
    'International Criminal Court',
    'International Tribunal for the Law of the Sea',
  ]),
  // When
  row('on which days was she in Hamburg', 'January 14, 2024, January 15, 2024'),
  row('when was she in Ankara', 'January 16, 2024, January 17, 2024'),
  row('which day was she in Montreal', 'January 13, 2024', ['joly']),
  row('what date did she meet Duda', 'January 8, 2024', ['duda']),
  row('what were the dates of the trip', 'January 5, 2024 – January 18, 2024'),
  row('when did the tour end', 'January 18, 2024'),
  row('how long was she in Sweden', 2, facts.within('Sweden')),
  row('how long was the trip', 14),
  // First, last, longest
  row('which country did she visit first', 'Poland', ['nowacka']),
  row('what was the second country', 'Ukraine', ['bucha-church']),
  row('last stop of the tour', 'Ankara', ['ataturk']),
  row('what was her first stop in the US', 'Washington D.C.', ['us-wps']),
  row('who was the first foreign minister she met', 'Dmytro Kuleba', ['kuleba']),
  row('who was the third foreign minister she met', 'Elina Valtonen', ['valtonen']),
  row('the last foreign minister she met', 'Hakan Fidan', ['fidan']),
  row('first meeting in Washington', undefined, ['us-wps']),
  row('what was the last meeting in The Hague', undefined, ['icc-staff']),
  row('what was the last thing she did in Kyiv', undefined, ['io-dinner']),
  row('who did she meet last in Washington', null, ['blinken', 'raimondo']),
  row('what did she do first in Ankara', null),
  row('what was the longest meeting', longest(facts.met()), ['sweden-dinner']),
  row('which lunch was the longest', longest(LUNCHES), ['bruins-slot']),
  row('which foreign minister did she talk to the longest', 'Hanke Bruins Slot', ['bruins-slot']),
  row('what was her shortest meeting in Washington', 30, ['sullivan']),
  row('shortest meeting on the 11th', 20, ['icj']),
  row('which country had the most meetings', 'Ukraine', facts.met(facts.at('Kyiv'))),
  row('what was the busiest day', 'January 7, 2024', facts.on('07')),
  // Order
  row('where did she go after Finland', 'Stockholm', ['sweden-dinner']),
  row('where did she go before Canada', 'Washington D.C.', ['us-wps']),
  row('which country did she visit after Sweden', 'Netherlands', ['icj']),
  row('which city came next after Hamburg', 'Ankara', ['ataturk']),
  row('where did she go straight after Ukraine, and on what day', 'Warsaw, January 8, 2024'),
  row('who did she meet right after the president of the ICC', 'Karim A. A. Khan KC', [
    'icc-prosecutor',
  ]),
  row('what came directly before the lunch with Billström', undefined, ['kronlid']),
  row('who did she see just before Blinken?', 'Jake Sullivan', ['sullivan']),
  row('who did she meet right after Blinken', null),
  row('what came right after the mausoleum visit', null),
  row('did she meet Joly before Blinken', 'no', ['blinken', 'joly']),
  row('was Joly before or after Blinken', 'after', ['blinken', 'joly']),
  row('joly before blinken or after blinken?', 'after', ['blinken', 'joly']),
  row(
    'in what order did she meet Fidan, Joly and Sikorski',
    'Radosław Sikorski → Mélanie Joly → Hakan Fidan',
    ['sikorski', 'joly', 'fidan'],
  ),
  row(
    'what order did she do the three courts in',
    'International Court of Justice → International Criminal Court → International Tribunal for the Law of the Sea',
    ['icj', 'icc-president', 'itlos'],
  ),
  row('tues the 9th, what was on her plate start to finish', 3, [
    'nytkis',
    'valtonen',
    'sweden-dinner',
  ]),
  row('anything on for the 18th', 1, ['return']),
  row('meetings that were thirty min or less', 6, [
    'kronlid',
    'icj',
    'icc-president',
    'icc-prosecutor',
    'icc-staff',
    'sullivan',
  ]),
  row('did she go to Sweden or Finland first', 'Finland', ['nytkis']),
  row('who did she meet first, Khan or Hofmański', 'Piotr Hofmański', ['icc-president']),
  row('which lasted longer, the talks with Blinken or with Sullivan', 'Antony J. Blinken'),
  row('how many days between Kyiv and Hamburg', 7),
  row('how far apart were Kyiv and Ankara', 9),
  row('how far is Kyiv from Warsaw', 689, ['kuleba', 'nowacka']),
  row('distance The Hague - Washington', 6163, ['icj', 'us-wps']),
  row('キーウからワルシャワまで何キロですか', 689),
  row('how long after the start of the Shmyhal call did the Zelenskyy call start?', 70),
  row('how long after Shmyhal did she see Zelenskyy', 20),
  row('how many days after Kyiv did she meet Blinken', 5),
  row('in what order did she visit the nordic countries', 'Finland → Sweden'),
  row('what was the route', undefined, ALL),
  row('summarise the tour', undefined, ALL),
  row('what was her itinerary', undefined, ALL),
  // Programmes and places
  events('list all meetings on January 12', facts.met(facts.on('12'))),
  events('all events in Ankara please', facts.at('Ankara')),
  events('everything on the programme for the 16th', facts.on('16')),
  events('schedule for the 12th', facts.on('12')),
  events('what meetings did she have in Finland', facts.at('Helsinki')),
  events('which meetings lasted 30 minutes', [
    'kronlid',
    'icc-president',
    'icc-prosecutor',
    'sullivan',
  ]),
  events('meetings from the 9th to the 11th', facts.on('09', '10', '11')),
  events('what was the order of meetings in The Hague', facts.at('The Hague')),
  events('what did she do on January 9', facts.on('09')),
  events('what did she do in the evening of January 9', ['sweden-dinner']),
  events('what did she do on the morning of the 16th', ['ataturk', 'ankara-university']),
  events('what happened in Hamburg', facts.at('Hamburg')),
  events('Hamburg', facts.at('Hamburg')),
  events('The Hague?', facts.at('The Hague')),
  events('overview of Ankara', facts.at('Ankara')),
  events('what did she do in Warsaw after Ukraine', ['unknown-soldier', 'sikorski', 'duda']),
  events('what did she do between Kyiv and Helsinki', ['unknown-soldier', 'sikorski', 'duda']),
  // When: sources that state another hour are for the documents to tell
  row('what time was the press conference in Washington', '15:47', ['presser-washington']),
  row('when did she meet Joly', 'January 13, 2024', ['joly']),
  row('which weekday did she meet the mayor', 'Sunday, January 14, 2024', ['tschentscher']),
  row('シコルスキ外相との会談は何時から？', '13:05', ['sikorski']),
  row('ドゥダ大統領とはいつ会いましたか', 'January 8, 2024', ['duda']),
  // Who somebody is
  row('who is Julia Kronlid', 'Julia Kronlid', ['kronlid']),
  row("who's the Polish foreign minister", 'Radosław Sikorski', ['sikorski']),
  row('who is she', 'Kamikawa Yoko', []),
  row('who was president of the world court', 'Joan E. Donoghue', ['icj']),
  row('ポーランドの外相は誰ですか', 'Radosław Sikorski', ['sikorski']),
  // As strangers ask
  people('can someone list all the ministers of foreign affairs kamikawa sat down with', FOREIGN),
  row('did she see zelensky before or after the pm', 'after', ['shmyhal', 'zelenskyy']),
  row('which came first on jan 7, bucha or the talks with kuleba', 'Bucha', ['bucha-church']),
  places('in which city did she spend the most days', ['Warsaw', 'Stockholm', 'Hamburg', 'Ankara']),
  places('what were her stops between leaving japan and arriving in sweden', [
    'Warsaw',
    'Bucha',
    'Irpin',
    'Kyiv',
    'Helsinki',
  ]),
  places('which countries did she visit before the Netherlands', [
    'Poland',
    'Ukraine',
    'Finland',
    'Sweden',
  ]),
  row('which country did she visit twice', 'Poland', ['nowacka', 'unknown-soldier']),
  row('which city did she visit twice', 'Warsaw', ['nowacka', 'unknown-soldier']),
  row('how many press conferences did she give and where', PRESS.length, PRESS),
  row('how many americans did she meet', 7, facts.met(facts.within('United States'))),
  row('which day did she meet the most people', 'January 12, 2024', facts.met(facts.on('12'))),
  row('who was the only head of government she met', 'Denys Shmyhal', ['shmyhal']),
  row('how many heads of international courts did she meet', 3, ['icj', 'icc-president', 'itlos']),
  row('where was the final press conference', 'Ankara', ['presser-ankara']),
  row('which city did she visit last in Europe', 'Hamburg'),
  row('before Joly, who was the last foreign minister she met', 'Antony J. Blinken', ['blinken']),
  people('who joined her for lunch in The Hague', ['bruins-slot']),
  people(
    'who else took part in the meeting with Frankel',
    ['us-wps'],
    ['Jen Kiggans', 'Melanne Verveer', 'Geeta Rao Gupta'],
  ),
  people('who hosted the dinner in Ankara', ['fidan']),
  row(
    'which courts in the hague did she visit',
    undefined,
    facts.titled(/Court of|Criminal Court/),
  ),
  row('how many times did she visit Poland', 2),
  row('was hamburg before ankara', 'yes', ['tschentscher', 'ataturk']),
  row('timeline of the tour', undefined, ALL),
  events('list of all meetings with dates', facts.met()),
  events("what's on for Friday the 12th", facts.on('12')),
  events('jan 15?', facts.on('15')),
  events('kamikawa january 9', facts.on('09')),
  events('what happened in Germany and Canada', ['joly', 'tschentscher', 'itlos']),
  events('quick summary of the stop in Ankara', facts.at('Ankara')),
  places('can u tell me where kamikawa was on jan 10', ['Stockholm'], facts.on('10')),
  // Its initials, also where more comes after them.
  people('which foreign ministers talked about WPS with her', [
    'valtonen',
    'billstrom',
    'bruins-slot',
    'blinken',
  ]),
  // A name is enough, whatever else the topics call it.
  people('who did she discuss the Haneda crash with', [
    'sikorski',
    'bruins-slot',
    'blinken',
    'joly',
  ]),
  // Not whoever spoke about one.
  row('which university did she go to in Turkey', 1, ['ankara-university']),
  row("what's the name of the bridge she saw", 1, ['irpin-bridge']),
  row("what's the name of the mayor of Hamburg", 'Peter Tschentscher', ['tschentscher']),
  // The itinerary has days, not hours.
  row('how long was she in the netherlands in hours', null),
  row('how long was she in meetings in the netherlands, in minutes', 210),
  // The minister is the traveller, unless somebody else is named by it.
  places('location of the minister as of January 7', ['Bucha', 'Irpin', 'Kyiv'], facts.on('07')),
  row('in what country did the minister have her talks with the Polish president', 'Poland', [
    'duda',
  ]),
  row('which was the meeting that ended the day on January 13', undefined, ['joly']),
  events('in Canada, anything but press conferences', ['joly']),
  people(
    'please name the people that she has met not just one time',
    ['kuleba', 'kuleba-press'],
    ['Dmytro Kuleba'],
  ),
  people('whom had she met before Kuleba?', ['nowacka']),
  people('whom had she already met before Shmyhal?', ['nowacka', 'kuleba']),
  row('shortest stay?', 'Bucha, Irpin, Kyiv, Helsinki, The Hague, Washington D.C., Montréal'),
  events('mtgs on the 10th', ['kronlid', 'billstrom']),
  events('did she do anything on the 17th', ['presser-ankara']),
  // One place, however it is asked for.
  row('name the city that came right after the US', 'Montréal', ['joly']),
  row('the city that follows Ukraine on the route is which?', 'Warsaw', ['unknown-soldier']),
  row('how many talks with foreign ministers', 9),
  row('average time that each person got', 59),
  events('what was hapening on January 16', facts.on('16')),
  // Misspelt, shouted, framed
  row('HOW MANY COUNTRIES DID SHE VISIT', 9, countries),
  row('wich contries did she visit', undefined, countries),
  row('how many foriegn minsters did she meet', 8, FOREIGN),
  row('hi! can you please tell me which countries she visited? thanks :)', undefined, countries),
  places('where was she on teh 14th', ['Hamburg'], ['tschentscher']),
  people('who did she meet in stockhom', facts.at('Stockholm'), [
    'Japanese residents of Sweden',
    'Julia Kronlid',
    'Tobias Billström',
  ]),
];

const MIDDLE_EAST = ['kronlid', 'billstrom', 'sullivan', 'joly', 'erdogan'];

const JAPANESE: readonly Row[] = [
  places('まずどの街に行ったんだっけ？', ['Warsaw'], ['nowacka']),
  places('シコルスキ外相と会ってからジョリー外相に会うまでに経由した都市を挙げて', [
    'Helsinki',
    'Stockholm',
    'The Hague',
    'Washington D.C.',
  ]),
  people('中東について誰と話しましたか', MIDDLE_EAST),
  row('ポーランドには2回行きましたか', 'yes'),
  people('女性の外相は誰', ['valtonen', 'bruins-slot', 'joly']),
  people('誰と昼食を食べましたか', LUNCHES),
  places('ヨーロッパ以外で訪問した国は', ['United States', 'Canada', 'Türkiye']),
  places('最初の3か国', namesOf(countries.slice(0, 3), 'country')),
  places('最後から2番目の訪問先', ['Hamburg'], ['tschentscher']),
  people('エルドアン大統領と同じ日に他に誰に会いましたか', ['ankara-university', 'fidan']),
  row('午後3時以降の会談は何件', 7),
  row('平均の会談時間は', 59),
  events('共同記者会見は何回', ['kuleba-press', 'fidan']),
  row('いつ帰国しましたか', 'January 18, 2024', ['return']),
  row('オランダ外相の名前は？', 'Hanke Bruins Slot'),
  people('会った外相の名前を全員', FOREIGN),
  row('上川陽子さんの経歴を教えて', undefined),
  row('キーウにはいつ到着しましたか', 'January 7, 2024'),
  row('日本をいつ出発しましたか', 'January 5, 2024', ['departure']),
  row('何か国を訪問しましたか', 9, countries),
  row('何都市を訪れた？', cities.length, cities),
  row('訪問した国を全部教えてください', undefined, countries),
  row('どの国に行きましたか？', undefined, countries),
  row('どこの国を回ったんですか', undefined, countries),
  row('最初の訪問国はどこですか', 'Poland', ['nowacka']),
  row('最後に訪れた都市は？', 'Ankara', ['ataturk']),
  places('1月14日はどこにいましたか', ['Hamburg'], ['tschentscher']),
  places('9日はどこにいた？', ['Helsinki', 'Stockholm'], facts.on('09')),
  places('月曜日はどこにいましたか', ['Warsaw', 'Hamburg'], facts.on('08', '15')),
  places('3日目はどこにいましたか', ['Bucha', 'Irpin', 'Kyiv'], facts.on('07')),
  places('最終日はどこにいましたか', ['Tokyo'], ['return']),
  places('キーウの前日はどこにいましたか', ['Warsaw'], facts.on('06')),
  people('ハーグでは誰に会いましたか', facts.at('The Hague'), facts.people(facts.at('The Hague'))),
  people(
    'ワシントンで会った人を教えて',
    facts.met(facts.at('Washington D.C.')),
    facts.people(facts.at('Washington D.C.')),
  ),
  people('1月12日に誰と会いましたか', facts.met(facts.on('12')), facts.people(facts.on('12'))),
  people('会った大統領は誰ですか', PRESIDENTS, facts.people(PRESIDENTS)),
  people('この外遊で会った外務大臣を全員あげてください', FOREIGN, facts.people(FOREIGN)),
  people('複数回会った人はいますか', ['kuleba', 'kuleba-press'], ['Dmytro Kuleba']),
  people('会った首相は誰？', ['shmyhal'], ['Denys Shmyhal']),
  row('外務大臣には何人会いましたか', 8, FOREIGN),
  row('一番長い会談はどれですか', longest(facts.met()), ['sweden-dinner']),
  row('最も短かった会談は？', 20, ['icj']),
  row('最も短い会談は何分でしたか', 20, ['icj']),
  row('旅程を教えてください', undefined, ALL),
  row('外遊の日程を一覧にしてください', undefined, ALL),
  row('今回の外遊の概要', undefined, ALL),
  row('訪問した順番を教えて', undefined, ALL),
  row('今回の外遊は何日間でしたか', 14),
  row('外遊はいつからいつまで', 'January 5, 2024 – January 18, 2024'),
  row('スウェーデンには何日間いましたか', 2, facts.within('Sweden')),
  row('ハンブルクに何泊しましたか', 1),
  row('いつハンブルクにいましたか', 'January 14, 2024, January 15, 2024'),
  row('ブリンケン長官の前に会ったのは誰？', 'Jake Sullivan', ['sullivan']),
  row('ブリンケンの直前に誰と会いましたか', 'Jake Sullivan', ['sullivan']),
  row('ウクライナの次にどこへ行きましたか', 'Warsaw', ['unknown-soldier']),
  row('スウェーデンの後はどの国に行きましたか', 'Netherlands', ['icj']),
  row('スウェーデンとフィンランド、どちらを先に訪れましたか', 'Finland', ['nytkis']),
  row('ジョリー外相とブリンケン長官、どちらに先に会いましたか', 'Antony J. Blinken', ['blinken']),
  row('ハーグで最後に会ったのは誰ですか', 'Akane Tomoko', ['icc-staff']),
  row('最後に会った首脳は誰？', 'Recep Tayyip Erdoğan', ['erdogan']),
  events('ハンブルクで何がありましたか', facts.at('Hamburg')),
  events('ハンブルクで何をしましたか', facts.at('Hamburg')),
  events('ワルシャワ', facts.at('Warsaw')),
  events('ヘルシンキの概要', facts.at('Helsinki')),
  events('16日の予定は？', facts.on('16')),
  events('初日は何をしましたか', facts.on('05')),
  row('記者会見は何回ありましたか', PRESS.length, PRESS),
  row('昼食会は何回？', LUNCHES.length, LUNCHES),
  row('クレーバ外相とは何回会いましたか', 2, ['kuleba', 'kuleba-press']),
  row('キーウで会談は何件ありましたか', 7, facts.met(facts.at('Kyiv'))),
  row('ヨーロッパでは何か国を訪れましたか', EUROPE.length),
  row('上川外相が訪れた国は全部でいくつ？', 9, countries),
  places('上川大臣は9日にどこにいましたか', ['Helsinki', 'Stockholm'], facts.on('09')),
  people('ヘルシンキで会った外相は誰', ['valtonen']),
  people('オランダで会った人を全員教えて', facts.at('The Hague')),
  people('国際刑事裁判所では誰に会いましたか', facts.titled(/International Criminal Court/)),
  row('各国の外相のうち最初に会ったのは誰', 'Dmytro Kuleba', ['kuleba']),
  row('大統領には何人会った？', 3, PRESIDENTS),
  row('外相会談は何回行われましたか', 9),
  row('カナダの前はどの国にいた？', 'United States', ['us-wps']),
  row('ブチャとイルピン、先に行ったのはどっち', 'Bucha', ['bucha-church']),
  row('ワルシャワには何回行った？', 2),
  places('一番長く滞在した都市はどこ？', ['Warsaw', 'Stockholm', 'Hamburg', 'Ankara']),
  events('ハーグでの会談を一覧にして', facts.at('The Hague')),
  events('1月13日は何をしていましたか', ['joly']),
  row('訪問した裁判所はいくつ？', 3),
];

describe('questions about the tour of the corpus', () => {
  it.each([...ENGLISH, ...JAPANESE])('answers “$question”', (expected) => {
    const { listing } = itinerary.read(expected.question);
    if (expected.value !== undefined) expect(listing?.value).toBe(expected.value);
    if (expected.items !== undefined) {
      const items = [...(listing?.items ?? [])];
      expect(items.filter((item) => expected.items?.includes(item) === true)).toEqual(
        expected.items,
      );
    }
    if (expected.meetings !== undefined) {
      expect(listing?.meetings.map(({ id }) => id)).toEqual(expected.meetings);
    }
    expect(listing?.title).toMatch(/.[:：]./u);
  });

  it.each([
    'why did she go to Kyiv',
    'what did she discuss with Blinken',
    'how long was the meeting with Joly',
    'what time did she meet Blinken',
    'which countries abstained in the vote',
    'how many people were killed in Bucha',
    'what did she eat at the dinner in Stockholm',
    'how many journalists travelled with her',
    'how many countries are in NATO',
    'who programmed you',
    'what was the second stop after warsaw',
    'from where did she travel to Canada',
    'which countries did she skip',
    "who hasn't she met",
    'which countries did she not visit',
    'was it her first time in Ukraine',
    'was the meeting with Blinken longer than an hour',
    'なぜキーウに行ったのですか',
    'ゼレンスキー大統領は何と言いましたか',
    // Not of the days of the tour.
    'how many meetings in february',
    'how many judges sit on the law of the sea tribunal',
    // Of no list that anybody has given.
    "what's the difference between the ICJ and the ICC",
    'and the second?',
    '二番目は？',
    // Of somebody else than the traveller, and of no meeting.
    'when did he arrive?',
    'what did he do on the 11th?',
    // Nor who came along, nor what a court or a country has today, nor how far the way was.
    'who travelled with her?',
    'who welcomed her?',
    'how many judges does it have?',
    'are they all politicians?',
    'who was in her delegation?',
    '誰が同行しましたか',
    'how many states are members of the ICC?',
    'how many kilometres did she travel?',
    'その人もウクライナに行きましたか',
    '彼はどこに行きましたか',
    // Their names are no first of anything, nor is what was not named "it".
    'what is her first name?',
    'how many meetings were about it?',
    // A judge of a court may come from anywhere.
    'any Japanese judge?',
    'where did she get on?',
    'who received it',
    // Nobody was met by it.
    'who paid',
    'who offered condolences',
    'the third one',
    'and at the third?',
    'list the meetings in 2023',
    '2月に何回会談しましたか',
    '2023年の会談を一覧にして',
    // Of two that were named.
    'Sweden: had the two ministers ever spoken before the lunch?',
    // Of the country, not of the tour.
    'which cities are in Poland',
    'what is the capital of Poland',
    'ポーランドの首都はどこですか',
    // When the conference was, its topics do not tell.
    'ウクライナ復興会議はいつどこで',
  ])('gives no list for “%s”', (question) => {
    expect(itinerary.read(question).listing).toBeNull();
  });

  it('says what it does not know', () => {
    const noteOf = (question: string): string | null =>
      itinerary.read(question).listing?.note ?? null;
    expect(noteOf('who did she meet right after Blinken')).toMatch(/does not have the times/);
    expect(noteOf('what was the longest meeting')).toMatch(/\d+ of \d+ have no known length/);
    expect(noteOf('how many meetings did she have in Kyiv')).toMatch(/^Not counted: 1 /);
    expect(noteOf('what did she do in Warsaw after Ukraine')).toMatch(
      /^Without a known time or date/,
    );
  });

  it('speaks the language of the asker', () => {
    expect(itinerary.read('how long was the tour').listing?.title).toBe(
      'Length of the tour: 14 days',
    );
    expect(itinerary.read('how many meetings in The Hague').listing?.title).toBe(
      'Meetings in The Hague: 5',
    );
    const titleOf = (question: string): string | undefined =>
      itinerary.read(question).listing?.title;
    expect(titleOf('ハーグでの会談は何件')).toBe('ハーグの会談：5');
    expect(titleOf('what came right after helsinki?')).toMatch(/^Events right after Helsinki: /);
    expect(titleOf('9日はどこにいた？')).toBe('2024年1月9日の訪問地：ヘルシンキ、ストックホルム');
    expect(titleOf('いつハンブルクにいましたか')).toBe(
      'ハンブルクの日付：2024年1月14日、2024年1月15日',
    );
    expect(titleOf('ブリンケンの直前に誰と会いましたか')).toBe(
      'ブリンケンの直前の面会者：ジェイク・サリバン',
    );
    expect(titleOf('外務大臣には何人会いましたか')).toMatch(/^外相：8（ドミトロ・クレーバ、/);
  });
});

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { meetingQuestions } from '../../src/answer/meeting-texts.ts';
import type { Meeting } from '../../src/corpus/types.ts';
import { textsIn, type Locale } from '../../src/discord/text.ts';
import { type JournalEntry, openJournal, type JournalOptions } from '../../src/journal/journal.ts';
import type { Exchange } from '../../tools/local-discord/exchange.ts';
import type { User } from '../../tools/local-discord/world.ts';
import { componentsOf, customIdsOf, textOf } from '../../tools/local-discord/message-view.ts';
import { userJson } from '../../tools/local-discord/payloads.ts';
import { startRunningBot, type RunningBot } from './running-bot.ts';

const BLINKEN = 'How long did the meeting with Blinken last?';
const LUNCH = 'How long was the lunch in Helsinki?';
const GIFT = 'What gift did Fidan receive?';

let running: RunningBot;
let japanese: User;
let maintainer: User;

const LANGUAGES = ['en', 'ja'] as const;

function readerOf(language: Locale): User {
  return language === 'ja' ? japanese : running.discord.reader;
}

describe.each(['gateway', 'endpoint'] as const)('over the %s', (door) => {
  beforeAll(async () => {
    running = await startRunningBot({ door });
    japanese = running.discord.user({ locale: 'ja' });
    maintainer = running.discord.user();
    running.discord.world.owner = userJson(maintainer);
  });

  afterAll(async () => {
    await running.stop();
  });

  /** Nothing the bot sent was refused, and nobody was pinged. */
  function expectClean(exchange: Exchange): void {
    expect(exchange.refused).toEqual([]);
    for (const { json } of exchange.requests) {
      // A request without a body has none.
      const body = JSON.stringify(json ?? null);
      if (body.includes('"components"') && !body.includes('"custom_id":"1|w')) {
        expect(body).toContain('"allowed_mentions":{"parse":[]}');
      }
    }
  }

  function idOf(exchange: Exchange, start: string): string {
    const id = customIdsOf(exchange.message).find((customId) => customId.startsWith(start));
    if (id === undefined) throw new Error(`No control starts with ${start}`);
    return id;
  }

  function meetingOf(id: string): Meeting {
    const meeting = running.engine.current().meetings.find((each) => each.id === id);
    if (meeting === undefined) throw new Error(`No meeting has the id ${id}.`);
    return meeting;
  }

  async function recordedIn(journal: JournalOptions): Promise<JournalEntry[]> {
    const entries: JournalEntry[] = [];
    for await (const entry of openJournal(journal).entries()) entries.push(entry);
    return entries;
  }

  function command(name: string, options: Record<string, string | boolean> = {}, user?: User) {
    return running.discord.command({ name, options, ...(user === undefined ? {} : { user }) });
  }

  /** What a quotation says without its markup. */
  function quotedIn(exchange: Exchange): string[] {
    return textOf(exchange.message)
      .split('\n')
      .filter((line) => line.startsWith('> '))
      .map((line) => line.slice(2).replaceAll('**', '').replace(/\\(.)/g, '$1'));
  }

  function coloursOf(exchange: Exchange): unknown {
    return exchange.message.components[0]?.['accent_color'];
  }

  describe('/ask', () => {
    it('answers with the sentence, its telling words in bold, its source, and one row of buttons', async () => {
      for (const user of [undefined, japanese]) {
        const asked = await command('ask', { question: LUNCH }, user);
        const said = textOf(asked.message);
        expectClean(asked);
        expect(asked.ephemeral).toBe(false);
        expect(said.startsWith(`-# ${LUNCH}\n> `)).toBe(true);
        expect(said).toContain('**about 75 minutes**');
        expect(said).toMatch(user === undefined ? /, official, \d+ Jan/ : /、公式発表、1月\d+日/);
        const rows = componentsOf(asked.message).filter(({ type }) => type === 1);
        expect(rows).toHaveLength(1);
      }
    });

    it('quotes nothing that is not in the documents', async () => {
      const asked = await command('ask', { question: 'What was given to Ukraine?' });
      const texts = [...running.engine.current().documents.values()].map(({ text }) => text);
      const quoted = quotedIn(asked);
      expect(quoted.length).toBeGreaterThan(0);
      for (const line of quoted) expect(texts.some((text) => text.includes(line))).toBe(true);
    });

    it('quotes both versions where sources differ on what is asked, none as certain', async () => {
      for (const [user, head] of [
        [undefined, '**Two versions**'],
        [japanese, '**2つの説**'],
      ] as const) {
        const asked = await command('ask', { question: BLINKEN }, user);
        const said = textOf(asked.message);
        expect(said).toContain(head);
        expect(said).toMatch(/\*\*about 45 minutes\*\*/);
        expect(said).toMatch(/\*\*about 60 minutes\*\*/);
        const sure = await command('ask', { question: LUNCH });
        expect(coloursOf(asked)).not.toBe(coloursOf(sure));
        const card = await running.discord.click(asked.message, '1|m|blinken');
        expect(card.ephemeral).toBe(true);
        expectClean(card);
      }
    });

    it('shows a list with its count, a menu of cards and the map', async () => {
      for (const [user, question, head] of [
        [undefined, 'Which countries did she visit?', '### Countries: 9'],
        [japanese, 'どの国を訪問しましたか', '### 訪問国：9'],
      ] as const) {
        const asked = await command('ask', { question }, user);
        const said = textOf(asked.message);
        expect(said).toContain(head);
        expect(said).toContain('🇵🇱');
        const menu = componentsOf(asked.message).find(({ custom_id }) => custom_id === '1|k|0');
        const [first] = (menu?.['options'] ?? []) as { value: string }[];
        const card = await running.discord.select(asked.message, '1|k|0', [first?.value ?? '']);
        const map = await running.discord.click(asked.message, '1|v');
        expect(card.ephemeral && map.ephemeral).toBe(true);
        expect(map.files).toHaveLength(1);
        for (const exchange of [asked, card, map]) expectClean(exchange);
      }
    });

    it('gives the reason first where it is not sure, one closest sentence, and near questions that are answered', async () => {
      const english = await command('ask', { question: GIFT });
      const translated = await command('ask', { question: GIFT }, japanese);
      expect(textOf(english.message)).toMatch(
        /^-# .*\n\*\*[^*]+\*\*\nClosest, perhaps not an answer:\n> /,
      );
      expect(textOf(translated.message)).toContain('最も近い箇所');
      expect(quotedIn(english)).toHaveLength(1);
      const passages = await running.discord.click(english.message, idOf(english, '1|o|0|'));
      expect(passages.ephemeral).toBe(true);
      expect(textOf(passages.message)).toContain('The passages as a whole');
      expectClean(passages);
      for (const id of customIdsOf(english.message).filter((one) => one.startsWith('1|q|'))) {
        const near = await running.discord.click(english.message, id);
        expect(near.ephemeral).toBe(true);
        expect(textOf(near.message)).not.toContain('Closest, perhaps');
      }
    });

    it('tells the asker alone that nothing was found, with questions to tap', async () => {
      for (const user of [undefined, japanese]) {
        const asked = await command('ask', { question: 'How do I bake sourdough bread?' }, user);
        const offered = customIdsOf(asked.message);
        expect(asked.ephemeral).toBe(true);
        expect(asked.deleted).toBe(true);
        expect(offered).toHaveLength(3);
        expect(offered.every((id) => id.startsWith('1|q|'))).toBe(true);
        const tapped = await running.discord.click(
          asked.message,
          offered[1] ?? '',
          user === undefined ? {} : { user },
        );
        expect(tapped.ephemeral).toBe(true);
        expect(textOf(tapped.message)).toContain('🇵🇱');
        expectClean(asked);
        expectClean(tapped);
      }
    });

    it.each([
      ['en', 'What did they agree on?', 'valtonen'],
      ['ja', '何に合意しましたか', 'バルトネン外相'],
    ] as const)(
      'asks one meeting and one source alone, whatever way they are named (%s)',
      async (language, question, named) => {
        const { id, title, sources } = meetingOf('valtonen');
        const { documents, sources: all } = running.engine.current();
        const source = all.get(sources[0] ?? '')?.title ?? '';
        const options = { question, meeting: named, source };
        const asked = await command('ask', options, readerOf(language));
        const { onlyMeeting, onlySource } = textsIn(language);
        const shown = language === 'en' ? title : (documents.get(id)?.ja?.title ?? '');
        expect(textOf(asked.message)).toContain(onlyMeeting(shown.slice(0, 8)));
        expect(textOf(asked.message)).toContain(onlySource(''));
        expectClean(asked);
      },
    );

    it('answers privately, and shares on a click', async () => {
      const asked = await command('ask', { question: LUNCH, private: true });
      const isShared = ({ followUps, touched }: Exchange): boolean =>
        followUps.length > 0 && touched;
      const shared = await running.discord.click(asked.message, '1|s', { until: isShared });
      const [posted] = shared.followUps;
      expect(asked.ephemeral).toBe(true);
      expect((posted?.flags ?? 64) & 64).toBe(0);
      expect(textOf(posted ?? asked.message)).toContain(LUNCH);
      expect(customIdsOf(posted ?? asked.message)).not.toContain('1|s');
      expectClean(shared);
    });

    it.each(LANGUAGES)('opens what else answers for the reader alone (%s)', async (language) => {
      const user = readerOf(language);
      const asked = await command('ask', { question: 'What did they agree on in Helsinki?' }, user);
      const [, left] = /^(?:ほか)?(\d+)(?: more|件)$/m.exec(textOf(asked.message)) ?? [];
      const opened = await running.discord.click(asked.message, idOf(asked, '1|o|0|'), { user });
      expect(opened.ephemeral).toBe(true);
      expect(textOf(opened.message)).toContain(textsIn(language).reply.passagesTitle);
      expect(opened.message.id).not.toBe(asked.message.id);
      const shown = customIdsOf(opened.message).filter((id) => id.startsWith('1|x|'));
      expect(shown).toHaveLength(Math.min(3, Number(left)));
      expectClean(opened);
    });

    it.each(LANGUAGES)(
      'shows the paragraphs around the sentence to the reader alone, the sentence in bold (%s)',
      async (language) => {
        const user = readerOf(language);
        const asked = await command('ask', { question: LUNCH }, user);
        const context = await running.discord.click(asked.message, idOf(asked, '1|x|1|'), { user });
        expect(context.ephemeral).toBe(true);
        expect(textOf(context.message)).toContain(textsIn(language).contextTitle(''));
        expect(textOf(context.message)).toMatch(/\*\*[^*]*about 75 minutes\.\*\*/);
        expectClean(context);
      },
    );

    it('reads a question too long for a custom id back from the message', async () => {
      const question = `What did Kamikawa and Blinken say, *if* [anything](https://evil.example), about ${'the alliance and '.repeat(9)}Taiwan?`;
      const asked = await command('ask', { question });
      const opened = await running.discord.click(asked.message, idOf(asked, '1|o|0'));
      expect(question.length).toBeGreaterThan(100);
      expect(textOf(opened.message).split('\n')[0]).toBe(textOf(asked.message).split('\n')[0]);
      expect(textOf(asked.message)).toContain('\\*if\\* \\[anything\\](https\\://evil.example)');
      expectClean(opened);
    });

    it.each(LANGUAGES)(
      'refuses an unknown source and an unknown meeting to the asker alone (%s)',
      async (language) => {
        const user = readerOf(language);
        const texts = textsIn(language);
        const question = 'How long did the talks last?';
        const source = await command('ask', { question, source: 'qqqqqq' }, user);
        const meeting = await command('ask', { question, meeting: 'qqqqqq' }, user);
        expect(source.ephemeral && meeting.ephemeral).toBe(true);
        expect(textOf(source.message)).toBe(texts.noSource('qqqqqq'));
        expect(textOf(meeting.message)).toContain(texts.talk.none('qqqqqq'));
        const first = idOf(meeting, '1|c|0|');
        const { discord } = running;
        const ofDay = await discord.select(meeting.message, first, ['#2024-01-07'], { user });
        expect(textOf(ofDay.message)).toContain(texts.talk.pickMeeting);
        const picked = await discord.select(ofDay.message, first, ['kuleba'], { user });
        expect(textOf(picked.message)).toContain(question);
        expect(picked.ephemeral).toBe(false);
      },
    );
  });

  describe('feedback', () => {
    it('thanks for a thumb up, asks why for a thumb down, and writes both down without names', async () => {
      const asked = await command('ask', { question: GIFT }, japanese);
      const sure = await command('ask', { question: LUNCH }, japanese);
      const up = await running.discord.click(sure.message, idOf(sure, '1|u|'), { user: japanese });
      const opened = await running.discord.click(asked.message, idOf(asked, '1|d|'));
      expect(opened.modal).toMatchObject({ title: 'What was wrong?' });
      const sent = await running.discord.submitModal(opened, { remark: 'He was\u202e not there' });
      expect(textOf(up.message)).toContain('ありがとうございます');
      expect(textOf(sent.message)).toContain('Thank you');
      expect(up.ephemeral && sent.ephemeral).toBe(true);
      const recorded = (): Promise<JournalEntry[]> => recordedIn(running.config.journal);
      await expect
        .poll(recorded)
        .toContainEqual(expect.objectContaining({ vote: 'down', remark: 'He was not there' }));
      const list = await recorded();
      expect(list).toContainEqual(expect.objectContaining({ vote: 'up', question: LUNCH }));
      expect(list).toContainEqual(expect.objectContaining({ type: 'unanswered' }));
      expect(JSON.stringify(list)).not.toContain(japanese.id);
      const shown = await command('admin feedback', {}, maintainer);
      expect(textOf(shown.message)).toContain('He was not there');
    });
  });

  describe('/meeting', () => {
    it('shows a card with the local time, a timestamp and what came of it', async () => {
      const card = await command('meeting', { meeting: 'blinken' });
      const said = textOf(card.message);
      const { date, localStart, durationMinutes, people, sources } = meetingOf('blinken');
      expect(said).toContain(`, ${localStart ?? ''} · ${durationMinutes ?? ''} minutes`);
      // Washington in January.
      const start = Date.parse(`${date ?? ''}T${localStart ?? ''}:00-05:00`);
      expect(said).toContain(`<t:${start / 1000}:f>`);
      const host = people.find(({ name }) => name.includes('Blinken'));
      expect(said).toContain(`### ${host?.name ?? ''} · Washington`);
      expect(said).toContain('other sources say 13:45, 60 minutes');
      expect(quotedIn(card)).toHaveLength(1);
      expect(said).toMatch(new RegExp(`^${sources.length}(?: sources)?$`, 'm'));
    });

    it.each([
      ['en', '### Antony J. Blinken · Washington', '### Jake Sullivan'],
      ['ja', '### アントニー・ブリンケン · ワシントン', '### ジェイク・サリバン'],
    ] as const)(
      'turns to its neighbours and lists its sources (%s)',
      async (language, head, next) => {
        const user = readerOf(language);
        const card = await command('meeting', { meeting: 'blinken' }, user);
        expect(textOf(card.message)).toContain(head);
        const turned = await running.discord.click(card.message, '1|t|sullivan', { user });
        expect(turned.message.id).toBe(card.message.id);
        expect(textOf(turned.message)).toContain(next);
        const listed = await running.discord.click(card.message, '1|l|0|sullivan|', { user });
        expect(listed.ephemeral).toBe(true);
        expect(textOf(listed.message)).toContain(textsIn(language).sourcesTitle);
        expectClean(listed);
      },
    );

    it('is named by its title where the same people were met there that day', async () => {
      const alike = running.engine.current().meetings.filter(({ id }) => id.startsWith('kuleba'));
      const typing = { name: 'meeting', focused: 'meeting', options: { meeting: 'kuleba' } };
      const { choices } = await running.discord.autocomplete(typing);
      expect(choices.map(({ value }) => value)).toEqual(alike.map(({ id }) => id));
      const menu = await command('meeting', { meeting: 'Kuleba' });
      const labels = componentsOf(menu.message).flatMap(
        ({ options }) => (options ?? []) as { label: string }[],
      );
      expect(new Set(labels.map(({ label }) => label)).size).toBe(alike.length);
    });

    it.each(LANGUAGES)(
      'answers what is chosen from the card’s menu, or written into its form (%s)',
      async (language) => {
        const user = readerOf(language);
        const card = await command('meeting', { meeting: 'valtonen' }, user);
        const menu = componentsOf(card.message).find(
          ({ custom_id }) => custom_id === '1|a|valtonen',
        );
        const choices = ((menu?.['options'] ?? []) as { value: string }[]).map(
          ({ value }) => value,
        );
        const chosen = await running.discord.select(
          card.message,
          '1|a|valtonen',
          [choices[0] ?? ''],
          { user },
        );
        expect(chosen.ephemeral).toBe(true);
        expect(textOf(chosen.message)).toContain(
          language === 'en' ? '**about 75 minutes**' : choices[0],
        );
        const last = choices.at(-1) ?? '';
        const form = await running.discord.select(card.message, '1|a|valtonen', [last], { user });
        expect(form.modal).toMatchObject({ title: textsIn(language).reply.askMeeting });
        const sent = await running.discord.submitModal(form, { question: 'How long did it last?' });
        expect(idOf(sent, '1|n|')).toContain('valtonen');
        expect(sent.ephemeral).toBe(true);
        expect(textOf(sent.message)).toContain('**about 75 minutes**');
        for (const exchange of [chosen, sent]) expectClean(exchange);
      },
    );

    it.each(LANGUAGES)(
      'offers on its card what has a clear answer, and no more (%s)',
      async (language) => {
        const meeting = meetingOf('duda');
        const snapshot = running.engine.current();
        const card = await command('meeting', { meeting: 'duda' }, readerOf(language));
        const menu = componentsOf(card.message).find(({ custom_id }) => custom_id === '1|a|duda');
        const choices = ((menu?.['options'] ?? []) as { value: string }[]).map(
          ({ value }) => value,
        );
        const offered = choices.slice(0, -1);
        expect(offered.length).toBeLessThan(
          meetingQuestions(meeting, { snapshot, language }).length,
        );
        for (const question of offered) {
          const { verdict } = await snapshot.ask(question, { meeting: 'duda' });
          expect(verdict, question).toBe('answered');
        }
        expectClean(card);
      },
    );

    it.each([
      ['en', 'jan 13', 'How long did it last?', 'Joly'],
      ['ja', '1月13日', '何分でしたか', 'ジョリー'],
    ] as const)(
      'answers a question from that meeting alone (%s)',
      async (language, meeting, question, name) => {
        const asked = await command('meeting', { meeting, question }, readerOf(language));
        const label = textsIn(language).onlyMeeting('');
        const line = textOf(asked.message)
          .split('\n')
          .find((one) => one.includes(label));
        expect(line).toContain(name);
        expectClean(asked);
      },
    );

    it('offers meetings by person, place, country and date, slips forgiven', async () => {
      const values = async (typed: string, user?: User): Promise<unknown[]> => {
        const offered = await running.discord.autocomplete({
          name: 'meeting',
          focused: 'meeting',
          options: { meeting: typed },
          ...(user === undefined ? {} : { user }),
        });
        return offered.choices.map(({ value }) => value);
      };
      expect(await values('blinken')).toEqual(['blinken']);
      expect(await values('blnkin')).toContain('blinken');
      const inTheHague = running.engine.current().meetings.filter(({ city }) => /Hague/.test(city));
      expect(await values('hague')).toEqual(inTheHague.map(({ id }) => id));
      expect(await values('jan 11')).toContain('icj');
      expect(await values('canada')).toContain('joly');
      expect((await values('1月13日', japanese))[0]).toBe('joly');
      expect(await values('カナダ', japanese)).toContain('joly');
      expect(await values('')).toHaveLength(14);
      expect(await values('qqqqqqqq')).toEqual([]);
    });
  });

  describe('/tour', () => {
    it.each([
      ['en', 'Sun 7 Jan ③ Bucha ④ Irpin ⑤ Kyiv', '10 events'],
      ['ja', '日 1月7日 ③ ブチャ ④ イルピン ⑤ キーウ', '10件'],
    ] as const)(
      'shows the journey with a line for each day, in its text and in its menu (%s)',
      async (...row) => {
        const [language, line, count] = row;
        const tour = await command('tour', {}, readerOf(language));
        expect(tour.files).toHaveLength(1);
        const all = componentsOf(tour.message);
        expect(JSON.stringify(all.find(({ type }) => type === 12))).toContain('"description":"');
        const menu = all.find(({ custom_id }) => custom_id === '1|j|0');
        const days = new Set(running.engine.current().meetings.flatMap(({ date }) => date ?? []));
        expect(JSON.stringify(menu)).toContain(`"label":"${line}"`);
        expect(JSON.stringify(menu)).toContain(`"description":"${count}"`);
        expect(menu?.options).toHaveLength(days.size);
        const lines = textOf(tour.message).match(/^\*\*.+\*\* [①-⑳].* · \d+$/gm) ?? [];
        expect(lines).toHaveLength(days.size);
        expect(lines.map((one) => one.replaceAll('**', ''))).toContain(`${line} · 10`);
        expectClean(tour);
      },
    );

    it.each([
      ['en', /^### Sunday,? 7 January 2024/, 'Shmyhal'],
      ['ja', /^### 2024年1月7日日曜日/, 'シュミハリ'],
    ] as const)('opens a day and then a card (%s)', async (language, head, name) => {
      const user = readerOf(language);
      const tour = await command('tour', {}, user);
      const day = await running.discord.select(tour.message, '1|j|0', ['2024-01-07'], { user });
      expect(day.message.id).toBe(tour.message.id);
      expect(textOf(day.message)).toMatch(head);
      const card = await running.discord.select(day.message, '1|k|0', ['shmyhal'], { user });
      expect(card.ephemeral).toBe(true);
      expect(textOf(card.message)).toContain(name);
      expectClean(card);
    });

    it.each([
      ['en', 'Show me the map, please!'],
      ['ja', '地図を見せてください'],
    ] as const)('is a tap away from whoever asks for the map (%s)', async (language, question) => {
      const user = readerOf(language);
      const asked = await command('ask', { question }, user);
      expect(asked.ephemeral).toBe(true);
      expect(textOf(asked.message)).toMatch(/<\/tour:\d+>/);
      const map = await running.discord.click(asked.message, '1|v', { user });
      expect(map.files).toHaveLength(1);
      expectClean(map);
    });

    it('shows a day, a weekday or a place, named in either language', async () => {
      const titleOf = async (day: string, user?: User): Promise<string> =>
        textOf((await command('tour', { day }, user)).message).split('\n')[0] ?? '';
      // Whether a comma follows the weekday is left to the runtime's table of dates.
      expect(await titleOf('jan 11')).toMatch(/^### Thursday,? 11 January 2024$/);
      expect(await titleOf('11')).toMatch(/^### Thursday,? 11 January 2024$/);
      expect(await titleOf('thursday')).toMatch(/^### Thursday,? 11 January 2024 · Thursday,? 18 /);
      expect(await titleOf('the hague')).toBe('### The Hague');
      expect(await titleOf('Canada')).toBe('### Canada');
      expect(await titleOf('1月11日', japanese)).toContain('木曜日');
      expect(await titleOf('ハーグ', japanese)).toContain('ハーグ');
      expect(await titleOf('Holland')).toBe('### Netherlands');
      expect(await titleOf('オランダ', japanese)).toBe('### オランダ');
      for (const user of [undefined, japanese]) {
        const wrong = await command('tour', { day: 'in July' }, user);
        expect(wrong.ephemeral).toBe(true);
        expect(textOf(wrong.message)).toContain(
          user === undefined ? 'no stop' : '日程はありません',
        );
      }
      const days = await running.discord.autocomplete({ name: 'tour', focused: 'day' });
      expect(days.choices.length).toBeGreaterThan(10);
    });
  });

  describe('/sources, /about', () => {
    it.each(LANGUAGES)('pages through the whole bibliography (%s)', async (language) => {
      const user = readerOf(language);
      const first = await command('sources', {}, user);
      let shown = first;
      let pages = 1;
      for (;;) {
        const next = customIdsOf(shown.message).find((id) => id === `1|b|${pages}||`);
        if (next === undefined) break;
        shown = await running.discord.click(shown.message, next, { user });
        expectClean(shown);
        pages += 1;
      }
      expect(textOf(first.message)).toContain(textsIn(language).pageOf(1, pages));
      expect(pages).toBeGreaterThanOrEqual(running.engine.current().sources.size / 10);
    });

    it.each([
      ['en', 'Den Haag', /^## Sources\n.*International Court of Justice.* · official · /m],
      ['ja', 'ハーグ', /^## 出典一覧\n.*国際司法裁判所.* · 公式発表 · /m],
    ] as const)(
      'lists the sources of the meeting that is chosen among several (%s)',
      async (language, meeting, head) => {
        const user = readerOf(language);
        const asked = await command('sources', { meeting, kind: 'official' }, user);
        expect(asked.ephemeral).toBe(true);
        const listed = await running.discord.select(asked.message, '1|l|0||official', ['icj'], {
          user,
        });
        expect(textOf(listed.message)).toMatch(head);
        const unknown = await command('sources', { meeting: 'qqqqqq', kind: 'official' }, user);
        const ofDay = await running.discord.select(
          unknown.message,
          '1|l|0||official',
          ['#2024-01-11'],
          { user },
        );
        const again = await running.discord.select(ofDay.message, '1|l|0||official', ['icj'], {
          user,
        });
        expect(textOf(again.message)).toMatch(head);
        for (const exchange of [listed, ofDay, again]) expectClean(exchange);
      },
    );

    it('filters by meeting and kind', async () => {
      const listed = await command('sources', { meeting: 'itlos', kind: 'official' });
      expect(textOf(listed.message)).toContain('official');
      expect(textOf(listed.message)).not.toContain('· press');
      const inJapanese = await command('sources', { meeting: 'itlos', kind: 'official' }, japanese);
      expect(textOf(inJapanese.message)).toContain(
        '国際海洋法裁判所(ITLOS)訪問とヘイダー所長との会談(ハンブルク) · 公式発表',
      );
      expect(textOf(inJapanese.message)).toMatch(/^-# 外務省 · 2024年1月\d+日 · 公式発表/m);
    });

    it('says what it is, and what it keeps, in both languages', async () => {
      const english = await command('about');
      const translated = await command('about', {}, japanese);
      expect(textOf(english.message)).toContain(running.engine.current().generation);
      expect(textOf(translated.message)).toContain('記録するもの');
    });
  });

  describe('"Ask the tour"', () => {
    it.each([
      ['en', `How long did the meeting with Blinken last?${' Well?'.repeat(60)}`],
      ['ja', `ブリンケン国務長官との会談は何分でしたか。${'教えてください。'.repeat(50)}`],
    ] as const)(
      'answers the text of a message privately, cut to what can be asked (%s)',
      async (language, written) => {
        const user = readerOf(language);
        const call = { name: 'Ask the tour', target: running.discord.post(written), user };
        const answered = await running.discord.messageCommand(call);
        expect(answered.ephemeral).toBe(true);
        expect(textOf(answered.message)).toContain(textsIn(language).questionShortened);
        expectClean(answered);
      },
    );

    it.each(LANGUAGES)('says so when a message has no text (%s)', async (language) => {
      const target = running.discord.post('\u200b');
      const call = { name: 'Ask the tour', target, user: readerOf(language) };
      const answered = await running.discord.messageCommand(call);
      expect(textOf(answered.message)).toBe(textsIn(language).noText);
    });
  });

  describe('/admin', () => {
    it.each(LANGUAGES)(
      'refuses others, also where the server lets them see the command (%s)',
      async (language) => {
        for (const name of ['reload', 'status', 'unanswered', 'feedback']) {
          const refused = await command(`admin ${name}`, {}, readerOf(language));
          expect(refused.ephemeral).toBe(true);
          expect(textOf(refused.message)).toBe(textsIn(language).adminsOnly);
        }
      },
    );

    it('shows status, unanswered questions and a reload to maintainers alone', async () => {
      await command('ask', { question: 'Who is Lavrov?' });
      await command('ask', { question: 'who is lavrov' });
      const status = await command('admin status', {}, maintainer);
      const unanswered = await command('admin unanswered', {}, maintainer);
      const reload = await command('admin reload', {}, maintainer);
      expect(status.ephemeral && unanswered.ephemeral && reload.ephemeral).toBe(true);
      expect(textOf(status.message)).toContain(running.engine.current().generation);
      expect(textOf(unanswered.message)).toMatch(/[23] × who is lavrov/);
      expect(textOf(reload.message)).toContain('is the newest');
    });
  });

  describe('direct messages', () => {
    it.each(LANGUAGES)(
      'answers there, and in a conversation between users (%s)',
      async (language) => {
        const user = readerOf(language);
        for (const guild of ['dm', 'private'] as const) {
          const options = { question: LUNCH };
          const asked = await running.discord.command({ name: 'ask', options, guild, user });
          expect(textOf(asked.message)).toContain('about 75 minutes');
          expect(textOf(asked.message)).toContain(textsIn(language).reply.readAround);
          const up = await running.discord.click(asked.message, idOf(asked, '1|u|'), { user });
          expect(textOf(up.message)).toContain(textsIn(language).thanksUp);
          expectClean(up);
        }
      },
    );
  });
});

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Meeting } from '../../src/corpus/types.ts';
import type { JournalEntry } from '../../src/journal/entries.ts';
import { openJournal, type JournalOptions } from '../../src/journal/journal.ts';
import type { Exchange } from '../support/discord/exchange.ts';
import type { User } from '../support/discord/world.ts';
import { componentsOf, customIdsOf, textOf } from '../support/discord/message-view.ts';
import { userJson } from '../support/discord/payloads.ts';
import { startRunningBot, type RunningBot } from './running-bot.ts';

const BLINKEN = 'How long did the meeting with Blinken last?';

let running: RunningBot;
let japanese: User;
let keeper: User;

beforeAll(async () => {
  running = await startRunningBot();
  japanese = running.discord.user({ locale: 'ja' });
  keeper = running.discord.user();
  running.discord.world.owner = userJson(keeper);
});

afterAll(async () => {
  await running.stop();
});

/** Nothing the bot sent was refused, and nobody was pinged. */
function expectClean(exchange: Exchange): void {
  expect(exchange.refused).toEqual([]);
  for (const { json } of exchange.requests) {
    const body = JSON.stringify(json);
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

describe('/ask', () => {
  it('quotes word for word, in bold what answers, with source, kind, date and link', async () => {
    const asked = await command('ask', { question: BLINKEN });
    const said = textOf(asked.message);
    expectClean(asked);
    expect(asked.ephemeral).toBe(false);
    expect(said).toContain(`### ${BLINKEN}`);
    expect(said).toContain('✅ **Answered**');
    expect(said).toMatch(/> .*\*\*[^*]*\d+ minutes[^*]*\*\*/);
    expect(said).toMatch(/\S · \d+ January 2024 · (?:official|agency|press|commentary)/);
    const links = componentsOf(asked.message).filter(({ url }) => url !== undefined);
    expect(links.length).toBeGreaterThan(0);
  });

  it('quotes nothing that is not in the documents', async () => {
    const asked = await command('ask', { question: 'What was given to Ukraine?' });
    const texts = [...running.engine.current().documents.values()].map(({ text }) => text);
    const quoted = textOf(asked.message)
      .split('\n')
      .filter((line) => line.startsWith('> '))
      .map((line) => line.slice(2).replaceAll('**', '').replace(/\\(.)/g, '$1'));
    expect(quoted.length).toBeGreaterThan(0);
    for (const line of quoted) expect(texts.some((text) => text.includes(line))).toBe(true);
  });

  it('shows the reason and the other colour where it is not sure, in Japanese too', async () => {
    const english = await command('ask', { question: 'What did Lavrov say to Kamikawa?' });
    const translated = await command('ask', { question: 'What did Lavrov say?' }, japanese);
    expect(textOf(english.message)).toContain(
      'The itinerary has no meeting with Lavrov on this tour.',
    );
    expect(textOf(translated.message)).toContain('「Lavrov」に触れた文書はありません。');
    const answered = await command('ask', { question: BLINKEN });
    expect(english.message.components[0]?.['accent_color']).not.toBe(
      answered.message.components[0]?.['accent_color'],
    );
  });

  it('asks one meeting and one source alone, whatever way they are named', async () => {
    const { title, sources } = meetingOf('valtonen');
    const source = running.engine.current().sources.get(sources[0] ?? '')?.title ?? '';
    const asked = await command('ask', {
      question: 'What did they agree on?',
      meeting: 'valtonen',
      source,
    });
    expect(textOf(asked.message)).toContain(`Only from: ${title.slice(0, 20)}`);
    expect(textOf(asked.message)).toContain('Only from the source: ');
    expectClean(asked);
  });

  it('answers privately, and shares on a click', async () => {
    const asked = await command('ask', { question: BLINKEN, private: true });
    const isShared = ({ followUps, touched }: Exchange): boolean => followUps.length > 0 && touched;
    const shared = await running.discord.click(asked.message, '1|s', { until: isShared });
    const [posted] = shared.followUps;
    expect(asked.ephemeral).toBe(true);
    expect((posted?.flags ?? 64) & 64).toBe(0);
    expect(textOf(posted ?? asked.message)).toContain(`### ${BLINKEN}`);
    expect(customIdsOf(posted ?? asked.message)).not.toContain('1|s');
    expectClean(shared);
  });

  it('turns pages in place for who asked, and in a copy for anybody else', async () => {
    const asked = await command('ask', { question: BLINKEN });
    const turned = await running.discord.click(asked.message, idOf(asked, '1|p|1'));
    expect(turned.message.id).toBe(asked.message.id);
    expect(textOf(turned.message)).toContain('Page 2 of');
    const other = running.discord.user();
    const back = customIdsOf(turned.message).find((id) => id.startsWith('1|p|0')) ?? '';
    const copied = await running.discord.click(turned.message, back, { user: other });
    expect(copied.ephemeral).toBe(true);
    expect(copied.message.id).not.toBe(asked.message.id);
    expect(textOf(copied.message)).toContain('Page 1 of');
    expectClean(copied);
  });

  it('shows the paragraphs around an excerpt to the reader alone', async () => {
    const asked = await command('ask', { question: BLINKEN });
    const context = await running.discord.click(asked.message, idOf(asked, '1|x|1|'));
    expect(context.ephemeral).toBe(true);
    expect(textOf(context.message)).toContain('In context: ');
    expectClean(context);
  });

  it('reads a question too long for a custom id back from the message', async () => {
    const question = `What did Kamikawa and Blinken say, *if* [anything](https://evil.example), about ${'the alliance and '.repeat(9)}Taiwan?`;
    const asked = await command('ask', { question });
    const turned = await running.discord.click(asked.message, idOf(asked, '1|p|1'));
    expect(question.length).toBeGreaterThan(100);
    expect(turned.requests.length).toBeGreaterThan(0);
    expect(textOf(turned.message).split('\n')[0]).toBe(textOf(asked.message).split('\n')[0]);
    expect(textOf(asked.message)).toContain('\\*if\\* \\[anything\\](https\\://evil.example)');
    expectClean(turned);
  });

  it('refuses an unknown source and an unknown meeting to the asker alone', async () => {
    const source = await command('ask', { question: BLINKEN, source: 'qqqqqq' });
    const meeting = await command('ask', { question: BLINKEN, meeting: 'qqqqqq' });
    expect(source.ephemeral && meeting.ephemeral).toBe(true);
    expect(textOf(source.message)).toContain('No source matches “qqqqqq”');
    expect(textOf(meeting.message)).toContain('No meeting matches “qqqqqq”');
    const picked = await running.discord.select(meeting.message, '1|k|0', ['kuleba']);
    expect(textOf(picked.message)).toContain('Dmytro Kuleba');
  });
});

describe('feedback', () => {
  it('thanks for a thumb up, asks why for a thumb down, and writes both down without names', async () => {
    const asked = await command('ask', { question: 'Who is Lavrov?' }, japanese);
    const up = await running.discord.click(asked.message, idOf(asked, '1|u|'), { user: japanese });
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
    expect(list).toContainEqual(
      expect.objectContaining({ vote: 'up', question: 'Who is Lavrov?' }),
    );
    expect(list).toContainEqual(expect.objectContaining({ type: 'unanswered' }));
    expect(JSON.stringify(list)).not.toContain(japanese.id);
    const shown = await command('admin feedback', {}, keeper);
    expect(textOf(shown.message)).toContain('He was not there');
  });
});

describe('/meeting', () => {
  it('shows a card with the local time and a timestamp, and turns to its neighbours', async () => {
    const card = await command('meeting', { meeting: 'blinken' });
    const said = textOf(card.message);
    const { date, localStart, people } = meetingOf('blinken');
    expect(said).toContain(`${localStart ?? ''} local time`);
    // Washington in January.
    const start = Date.parse(`${date ?? ''}T${localStart ?? ''}:00-05:00`);
    expect(said).toContain(`<t:${start / 1000}:F>`);
    const host = people.find(({ name }) => name.includes('Blinken'));
    expect(said).toContain(`${host?.name ?? ''} — ${host?.title ?? ''}`);
    const turned = await running.discord.click(card.message, '1|t|sullivan');
    expect(turned.message.id).toBe(card.message.id);
    expect(textOf(turned.message)).toContain('Jake Sullivan');
    const sources = await running.discord.click(card.message, '1|l|0|sullivan|');
    expect(sources.ephemeral).toBe(true);
    expectClean(sources);
  });

  it('shows every meeting of the corpus within the limits, in both languages', async () => {
    for (const { id } of running.engine.current().meetings) {
      expectClean(await command('meeting', { meeting: id, private: true }));
      expectClean(await command('meeting', { meeting: id }, japanese));
    }
  });

  it('answers a question from that meeting alone', async () => {
    const asked = await command('meeting', {
      meeting: 'jan 13',
      question: 'How long did it last?',
    });
    expect(textOf(asked.message)).toMatch(/Only from: .*Joly/);
  });

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
    expect(await values('1月13日', japanese)).toEqual(['joly']);
    expect(await values('カナダ', japanese)).toContain('joly');
    expect(await values('')).toHaveLength(25);
    expect(await values('qqqqqqqq')).toEqual([]);
  });
});

describe('/tour', () => {
  it('shows the journey with alt text and opens a card from the menu', async () => {
    const tour = await command('tour');
    const gallery = componentsOf(tour.message).find(({ type }) => type === 12);
    expect(JSON.stringify(gallery)).toContain('"description":"');
    expect(tour.files).toHaveLength(1);
    const card = await running.discord.select(tour.message, '1|k|0', ['kuleba']);
    expect(card.ephemeral).toBe(true);
    expect(textOf(card.message)).toContain('Kuleba');
    expectClean(tour);
  });

  it('shows one day, named in either language', async () => {
    const english = await command('tour', { day: 'jan 11' });
    const translated = await command('tour', { day: '1月11日' }, japanese);
    const wrong = await command('tour', { day: 'in July' });
    expect(textOf(english.message)).toContain('Thursday');
    expect(textOf(translated.message)).toContain('木曜日');
    expect(wrong.ephemeral).toBe(true);
    const days = await running.discord.autocomplete({ name: 'tour', focused: 'day' });
    expect(days.choices.length).toBeGreaterThan(10);
  });
});

describe('/sources, /about', () => {
  it('pages through the whole bibliography', async () => {
    const first = await command('sources');
    let shown = first;
    let pages = 1;
    for (;;) {
      const next = customIdsOf(shown.message).find((id) => id === `1|b|${pages}||`);
      if (next === undefined) break;
      shown = await running.discord.click(shown.message, next);
      expectClean(shown);
      pages += 1;
    }
    expect(textOf(first.message)).toContain(`Page 1 of ${pages}`);
    expect(pages).toBeGreaterThanOrEqual(running.engine.current().sources.size / 10);
  });

  it('filters by meeting and kind', async () => {
    const listed = await command('sources', { meeting: 'itlos', kind: 'official' });
    expect(textOf(listed.message)).toContain('official');
    expect(textOf(listed.message)).not.toContain('· press');
  });

  it('says what it is, and what it keeps, in both languages', async () => {
    const english = await command('about');
    const translated = await command('about', {}, japanese);
    expect(textOf(english.message)).toContain(running.engine.current().generation);
    expect(textOf(translated.message)).toContain('記録するもの');
  });
});

describe('"Ask the tour"', () => {
  it('answers the text of a message privately, cut to what can be asked', async () => {
    const target = running.discord.post(
      `How long did the meeting with Blinken last?${' Well?'.repeat(60)}`,
    );
    const answered = await running.discord.messageCommand({ name: 'Ask the tour', target });
    expect(answered.ephemeral).toBe(true);
    expect(textOf(answered.message)).toContain('only its beginning was asked');
    expectClean(answered);
  });

  it('says so when a message has no text', async () => {
    const target = running.discord.post('\u200b');
    const answered = await running.discord.messageCommand({ name: 'Ask the tour', target });
    expect(textOf(answered.message)).toContain('no text');
  });
});

describe('/admin', () => {
  it('refuses others, also where the server lets them see the command', async () => {
    for (const name of ['admin reload', 'admin status', 'admin unanswered', 'admin feedback']) {
      const refused = await command(name);
      expect(refused.ephemeral).toBe(true);
      expect(textOf(refused.message)).toContain('Only the bot’s keepers');
    }
  });

  it('shows status, unanswered questions and a reload to keepers alone', async () => {
    await command('ask', { question: 'Who is Lavrov?' });
    await command('ask', { question: 'who is lavrov' });
    const status = await command('admin status', {}, keeper);
    const unanswered = await command('admin unanswered', {}, keeper);
    const reload = await command('admin reload', {}, keeper);
    expect(status.ephemeral && unanswered.ephemeral && reload.ephemeral).toBe(true);
    expect(textOf(status.message)).toContain(running.engine.current().generation);
    expect(textOf(unanswered.message)).toMatch(/[23] × who is lavrov/);
    expect(textOf(reload.message)).toContain('is the newest');
  });
});

describe('direct messages', () => {
  it('answers there, and in a conversation between users', async () => {
    for (const guild of ['dm', 'private'] as const) {
      const asked = await running.discord.command({
        name: 'ask',
        options: { question: BLINKEN },
        guild,
      });
      expect(textOf(asked.message)).toContain('Answered');
      const up = await running.discord.click(asked.message, idOf(asked, '1|u|'));
      expectClean(up);
    }
  });
});

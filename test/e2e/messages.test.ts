import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { textsIn } from '../../src/discord/text.ts';
import { customIdsOf, textOf } from '../../tools/local-discord/message-view.ts';
import type { Message } from '../../tools/local-discord/message.ts';
import { MEMBER_PERMISSIONS, Permission, type User } from '../../tools/local-discord/world.ts';
import { startRunningBot, type RunningBot } from './running-bot.ts';

const BLINKEN = 'How long did the meeting with Blinken last?';

let running: RunningBot;
let japanese: User;
/** `<@ID>`, the bot. */
let bot: string;

beforeAll(async () => {
  running = await startRunningBot();
  japanese = running.discord.user({ locale: 'ja' });
  bot = `<@${running.discord.applicationId}>`;
});

afterAll(async () => {
  await running.stop();
});

/** Waits until everything that was sent before was looked at: messages are taken in order. */
async function settled(): Promise<void> {
  const user = running.discord.user();
  await running.discord.replyTo(running.discord.post('help', { user, guild: 'dm' }));
}

function expectQuiet(message: Message): void {
  expect(message['allowed_mentions'] ?? { parse: [] }).toMatchObject({ parse: [] });
  expect(message.mentions).toEqual([]);
  expect(message.mention_everyone).toBe(false);
}

describe('a mention', () => {
  it.each([BLINKEN, 'ブリンケン国務長官との会談は何分でしたか'])(
    'is answered as a reply, with a typing sign before it: %s',
    async (question) => {
      const { discord } = running;
      const channel = discord.channel();
      const reply = await discord.replyTo(discord.post(`${bot} ${question}`, { channel }));
      expect(textOf(reply)).toContain(question);
      expect(textOf(reply)).toMatch(/> .*minutes/);
      expect(discord.world.typings).toContain(channel.id);
      expectQuiet(reply);
    },
  );

  it.each([
    ['**Who** is ||Kuleba||?', 'Who is Kuleba?'],
    ['> **クレーバ**とは誰ですか', 'クレーバとは誰ですか'],
  ])('is asked without its Markdown: %s', async (written, question) => {
    const { discord } = running;
    const reply = await discord.replyTo(discord.post(`${bot}\n${written}`));
    expect(textOf(reply).split('\n')[0]).toBe(`-# ${question}`);
  });

  it('is answered in threads, and in Japanese to a question in Japanese', async () => {
    const { discord } = running;
    const thread = discord.channel({ type: 11, parentId: discord.home.channelId });
    const question = 'ブリンケン国務長官との会談は何分でしたか';
    const reply = await discord.replyTo(discord.post(`${bot} ${question}`, { channel: thread }));
    expect(textOf(reply)).toContain(question);
    expect(textOf(reply)).toContain('2つの説');
  });

  it('without a question gets the welcome card, as do greetings, in both languages', async () => {
    const { discord } = running;
    for (const words of ['', 'help', 'Hello!', 'who are you?', 'hi there']) {
      const reply = await discord.replyTo(discord.post(`${bot} ${words}`));
      expect(textOf(reply), words).toContain('Try a question');
      expect(textOf(reply)).toMatch(/<\/ask:\d+> a question · <\/meeting:\d+>/);
    }
    for (const words of ['ヘルプ', 'こんにちは', 'あなたは誰ですか？']) {
      const reply = await discord.replyTo(discord.post(`${bot} ${words}`));
      expect(textOf(reply), words).toContain('質問の例');
    }
  });

  it('that is small talk gets a short answer and no search, in both languages', async () => {
    const { discord, log } = running;
    for (const [language, kinds] of [
      ['en', { thanks: ['thanks!', 'good bot', 'ok, got it'], noOpinion: ['do you like her?'] }],
      ['ja', { thanks: ['ありがとうございます！'], noOpinion: ['彼女のことが好きですか'] }],
    ] as const) {
      const { thanks, noOpinion } = textsIn(language).talk;
      const answered = log.filter(({ event }) => event === 'ask.answered').length;
      for (const words of kinds.thanks) {
        const reply = await discord.replyTo(discord.post(`${bot} ${words}`));
        expect(textOf(reply), words).toBe(thanks);
      }
      for (const words of kinds.noOpinion) {
        const reply = await discord.replyTo(discord.post(`${bot} ${words}`));
        expect(textOf(reply), words).toMatch(new RegExp(`^${noOpinion('</help:\\d+>')}$`));
      }
      const sources = await discord.replyTo(
        discord.post(`${bot} ${language === 'ja' ? '出典は何ですか' : 'what are your sources?'}`),
      );
      expect(textOf(sources)).toMatch(/<\/sources:\d+>/);
      const [question = ''] = kinds.thanks;
      const user = language === 'ja' ? japanese : discord.reader;
      const asked = await discord.command({ name: 'ask', options: { question }, user });
      expect(asked.ephemeral).toBe(true);
      expect(textOf(asked.message)).toBe(thanks);
      expect(log.filter(({ event }) => event === 'ask.answered')).toHaveLength(answered);
    }
  });

  it('in reply to somebody asks what that somebody wrote', async () => {
    const { discord } = running;
    const asked = discord.post(BLINKEN);
    const reply = await discord.replyTo(discord.post(bot, { replyTo: asked, user: japanese }));
    expect(textOf(reply)).toContain(BLINKEN);
  });

  it.each([
    ['Who did she meet in Kyiv?', 'and in Warsaw?', 'Who did she meet in Warsaw?'],
    ['ワルシャワで誰に会いましたか', 'ヘルシンキでは？', 'ヘルシンキで誰に会いましたか'],
  ])('in reply to somebody’s question is understood from it: %s', async (asked, typed, whole) => {
    const { discord } = running;
    const user = discord.user();
    const replyTo = discord.post(asked, { user });
    const reply = await discord.replyTo(discord.post(`${bot} ${typed}`, { replyTo }));
    expect(textOf(reply).split('\n')[0]).toBe(`-# ${whole}`);
    const chat = discord.post('What a day.', { user });
    const alone = await discord.replyTo(discord.post(`${bot} ${whole}`, { replyTo: chat }));
    expect(textOf(alone).split('\n')[0]).toBe(`-# ${whole}`);
  });

  it('is answered with a plain message where earlier messages cannot be read', async () => {
    const { discord } = running;
    const botPermissions = MEMBER_PERMISSIONS & ~Permission.readHistory;
    const channel = discord.channel({ botPermissions });
    discord.post(`${bot} ${BLINKEN}`, { channel });
    const said = await discord.world.untilSaid(
      'an answer',
      () => discord.world.saidIn(channel.id)[0],
    );
    expect(textOf(said)).toContain(BLINKEN);
  });

  it('is answered once, although Discord sends it again', async () => {
    const { discord } = running;
    const channel = discord.channel();
    const asked = discord.post(`${bot} ${BLINKEN}`, { channel });
    await discord.replyTo(asked);
    discord.dispatchMessage(asked, discord.home.id);
    await settled();
    expect(discord.world.saidIn(channel.id)).toHaveLength(1);
  });
});

describe('a question in another language', () => {
  it.each([
    'Combien de temps a duré la rencontre avec Sikorski ?',
    'Jak długo trwało spotkanie z Sikorskim?',
    'Де вона зустрічалася з Кулебою?',
    '她在基辅见了谁？',
  ])('is told which languages are read: %s', async (question) => {
    const { discord } = running;
    for (const [language, user] of [
      ['en', discord.reader],
      ['ja', japanese],
    ] as const) {
      const asked = await discord.command({ name: 'ask', options: { question }, user });
      expect(textOf(asked.message)).toContain(textsIn(language).reply.languages);
    }
  });
});

describe('direct messages', () => {
  it.each([
    ['English', BLINKEN, 'Two versions'],
    ['Japanese', 'どの国を訪問しましたか', '訪問国：9'],
  ])(
    'are answered without a mention, forwarded messages too, by the menu as well, in %s',
    async (_, question, label) => {
      const { discord } = running;
      const user = label === 'Two versions' ? discord.reader : japanese;
      const reply = await discord.replyTo(discord.post(question, { guild: 'dm', user }));
      expect(textOf(reply)).toContain(question);
      expect(textOf(reply)).toContain(label);
      const forwarded = discord.post(question);
      const message = discord.post('', { guild: 'dm', forwarded, user });
      expect(textOf(await discord.replyTo(message))).toContain(question);
      const target = discord.post('', { forwarded });
      const menu = await discord.messageCommand({ name: 'Ask the tour', target, user });
      expect(menu.ephemeral).toBe(true);
      expect(textOf(menu.message)).toContain(question);
    },
  );

  it('greet in Japanese', async () => {
    const { discord } = running;
    const reply = await discord.replyTo(discord.post('使い方', { guild: 'dm', user: japanese }));
    expect(textOf(reply)).toContain('質問の例');
  });
});

describe('nothing is said', () => {
  it('to bots, webhooks, system messages, everyone, roles and other channels', async () => {
    const { discord } = running;
    const mention = [discord.world.botUser];
    const role = discord.world.newId();
    const author = { id: discord.world.newId(), username: 'other', bot: true };
    const kinds: readonly (readonly [string, Record<string, never> | object])[] = [
      ['a bot', { author, mentions: mention }],
      ['the bot itself', { author: discord.world.botUser, mentions: mention }],
      ['a webhook', { webhook_id: discord.world.newId(), mentions: mention }],
      ['a system message', { type: 7, mentions: mention }],
      ['everyone', { content: `@everyone ${BLINKEN}`, mention_everyone: true }],
      ['a role', { content: `<@&${role}> ${BLINKEN}`, mention_roles: [role] }],
      ['nobody', {}],
    ];
    const channels = kinds.map(([, extra]) => {
      const channel = discord.channel();
      discord.post(BLINKEN, { channel, extra: extra as never });
      return channel;
    });
    await settled();
    channels.forEach(({ id }, index) => {
      const said = discord.world.saidIn(id).filter(({ components }) => components.length > 0);
      expect(said, kinds[index]?.[0]).toEqual([]);
      expect(discord.world.typings).not.toContain(id);
    });
  });

  it.each([
    ['en', BLINKEN],
    ['ja', 'ブリンケン国務長官との会談は何分でしたか'],
  ])(
    'where the bot may not speak: no permission, a locked or an archived thread; the log has each once (%s)',
    async (_, question) => {
      const { discord, log } = running;
      const parentId = discord.home.channelId;
      const silent = discord.channel({ botPermissions: Permission.viewChannel });
      const locked = discord.channel({ type: 11, parentId, locked: true });
      const archived = discord.channel({ type: 11, parentId });
      discord.faults.refuse('threadArchived', { path: archived.id, times: 100 });
      const closed = [silent, locked, archived];
      const ids = new Set(closed.map(({ id }) => id));
      try {
        for (const channel of [...closed, ...closed])
          discord.post(`${bot} ${question}`, { channel });
        const logged = (): unknown[] =>
          log.flatMap(({ event, channel }) =>
            event === 'message.not-allowed' && ids.has(String(channel)) ? [channel] : [],
          );
        await expect.poll(() => new Set(logged())).toEqual(ids);
        await settled();
        expect(logged()).toHaveLength(3);
        expect(closed.flatMap(({ id }) => discord.world.saidIn(id))).toEqual([]);
      } finally {
        discord.faults.clear();
      }
    },
  );
});

describe('a follow-up', () => {
  it('in reply to an answer is understood from it, however many there are', async () => {
    const { discord } = running;
    const first = await discord.replyTo(discord.post(`${bot} Who did she meet in Kyiv?`));
    const second = await discord.replyTo(discord.post(`${bot} and in Warsaw?`, { replyTo: first }));
    expect(textOf(second)).toContain('Who did she meet in Warsaw?');
    expect(textOf(second)).toContain('“and in Warsaw?”, understood from the previous question');
    const third = await discord.replyTo(discord.post('and in Helsinki?', { replyTo: second }));
    expect(textOf(third)).toContain('Who did she meet in Helsinki?');
  });

  it('is understood in Japanese too, and names its people, places and groups in Japanese', async () => {
    const { discord } = running;
    const write = { guild: 'dm', user: japanese } as const;
    const first = await discord.replyTo(discord.post('ヘルシンキで誰に会いましたか', write));
    expect(textOf(first)).toContain('インカ・ホプス · シッラ・カッコラ · エリナ・ヴァルトネン');
    const second = await discord.replyTo(
      discord.post('ワルシャワでは？', { ...write, replyTo: first }),
    );
    expect(textOf(second)).toContain('「ワルシャワでは？」を前の質問の続きとして読みました');
    expect(textOf(second)).toMatch(/### ワルシャワの面会者：4\n.* · ウクライナ人女性\n/);
  });

  it('comes from the form of an answer, in Japanese too', async () => {
    const { discord } = running;
    const asked = await discord.command({ name: 'ask', options: { question: BLINKEN } });
    const id = customIdsOf(asked.message).find((each) => each.startsWith('1|n|')) ?? '';
    const opened = await discord.click(asked.message, id);
    const sent = await discord.submitModal(opened, { question: 'who else was there?' });
    expect(textOf(sent.message)).toContain('who else was at the meeting with Antony J. Blinken?');

    const question = 'ワルシャワで誰に会いましたか';
    const ja = await discord.command({ name: 'ask', options: { question }, user: japanese });
    const jaId = customIdsOf(ja.message).find((each) => each.startsWith('1|n|')) ?? '';
    const form = await discord.click(ja.message, jaId, { user: japanese });
    const answer = await discord.submitModal(form, { question: 'ヘルシンキでは？' });
    expect(textOf(answer.message)).toContain('ヘルシンキで誰に会いましたか');
    expect(textOf(answer.message)).toContain('前の質問の続きとして読みました');
  });
});

describe('a server', () => {
  it.each([
    ['en', 'Which countries were visited?'],
    ['ja', 'どの国を訪問しましたか'],
  ] as const)(
    'that the bot joins is welcomed once, in its language, in the system channel (%s)',
    async (language, question) => {
      const { discord } = running;
      const systemChannelId = discord.world.newId();
      const guild = discord.guild({ locale: language, systemChannelId });
      const welcome = await discord.world.untilSaid(
        'a welcome',
        () => discord.world.saidIn(systemChannelId)[0],
      );
      expect(textOf(welcome)).toContain(textsIn(language).talk.tryQuestion);
      // Discord says the same of a server that comes back after an outage.
      discord.guild(guild);
      await settled();
      expect(discord.world.saidIn(systemChannelId)).toHaveLength(1);
      const user = language === 'ja' ? japanese : discord.reader;
      const picked = await discord.select(welcome, '1|e|0', [question], { user, guild });
      expect(picked.ephemeral).toBe(true);
      expect(textOf(picked.message)).toContain(question);
    },
  );

  it('where the bot may not speak gets no welcome, and no failure', async () => {
    const { discord, log } = running;
    const systemChannelId = discord.world.newId();
    discord.guild({ botPermissions: Permission.viewChannel, systemChannelId });
    await settled();
    expect(discord.world.saidIn(systemChannelId)).toEqual([]);
    await expect.poll(() => log.some(({ event }) => event === 'server.not-welcomed')).toBe(true);
  });
});

describe('/help', () => {
  it.each(['en', 'ja'] as const)(
    'shows the card, as do an empty question and a greeting in /ask, with commands to tap (%s)',
    async (language) => {
      const { discord } = running;
      const user = language === 'ja' ? japanese : discord.reader;
      const ask = (question: string) =>
        discord.command({ name: 'ask', options: { question }, user });
      const greeting = language === 'ja' ? 'こんにちは' : 'hello';
      const help = await discord.command({ name: 'help', user });
      for (const { message, ephemeral } of [help, await ask('\u200b'), await ask(greeting)]) {
        expect(ephemeral).toBe(true);
        expect(textOf(message)).toContain(textsIn(language).talk.tryQuestion);
        expect(textOf(message)).toMatch(/<\/ask:\d+> .* · <\/meeting:\d+> .* · <\/tour:\d+>/);
      }
    },
  );
});

describe('names typed freely', () => {
  it('that fit several meetings offer them all, and the question is kept', async () => {
    const { discord } = running;
    const options = { question: 'How long did it last?', meeting: 'holland' };
    const asked = await discord.command({ name: 'ask', options });
    expect(asked.ephemeral).toBe(true);
    expect(textOf(asked.message)).toContain('5 meetings fit “holland”. Which one?');
    const menu = customIdsOf(asked.message)[0] ?? '';
    const answered = await discord.select(asked.message, menu, ['bruins-slot']);
    expect(answered.ephemeral).toBe(false);
    expect(textOf(answered.message)).toContain('How long did it last?');
    expect(textOf(answered.message)).toContain('Only from: Working lunch with Dutch');

    const typed = { meeting: '米国' };
    const ja = await discord.command({ name: 'meeting', options: typed, user: japanese });
    expect(textOf(ja.message)).toContain('「米国」に当てはまる会談は5件あります');
    const card = await discord.select(ja.message, customIdsOf(ja.message)[0] ?? '', ['raimondo'], {
      user: japanese,
    });
    expect(textOf(card.message)).toContain('Raimondo');
  });

  it('keep the question in Japanese too', async () => {
    const { discord } = running;
    const options = { question: '会談は何分でしたか', meeting: 'オランダ' };
    const asked = await discord.command({ name: 'ask', options, user: japanese });
    expect(textOf(asked.message)).toContain('「オランダ」に当てはまる会談は5件あります');
    const menu = customIdsOf(asked.message)[0] ?? '';
    const answered = await discord.select(asked.message, menu, ['bruins-slot'], { user: japanese });
    expect(textOf(answered.message)).toContain('会談は何分でしたか');
    expect(textOf(answered.message)).toContain('対象の会談: 日・オランダ外相会談');
    // The lengths of all meetings together are no answer about one.
    expect(textOf(answered.message)).not.toContain('合計');
  });

  it.each([
    ['en', 'ministry of foreign affairs of japan'],
    ['ja', '外務省'],
  ] as const)('of a publisher offer its sources (%s)', async (language, source) => {
    const { discord } = running;
    const user = language === 'ja' ? japanese : discord.reader;
    const options = { question: BLINKEN, source };
    const asked = await discord.command({ name: 'ask', options, user });
    const menu = customIdsOf(asked.message)[0] ?? '';
    const answered = await discord.select(asked.message, menu, ['mofa-us-fm'], { user });
    expect(textOf(answered.message)).toContain(textsIn(language).onlySource(''));
  });

  it('complete questions that were asked in public on the same server, and no others', async () => {
    const { discord } = running;
    const other = discord.guild();
    const question = 'How long did the meeting with Mélanie Joly last?';
    await discord.command({ name: 'ask', options: { question }, guild: other });
    const secret = 'How long did the meeting with Gina Raimondo last?';
    await discord.command({ name: 'ask', options: { question: secret, private: true } });
    const translated = 'ジョリーとの会談は何分でしたか';
    const wanted = { question: translated };
    await discord.command({ name: 'ask', options: wanted, guild: other, user: japanese });
    const choices = async (typed: string, guild = other): Promise<unknown[]> => {
      const options = { question: typed };
      const user = /[a-z]/.test(typed) ? discord.reader : japanese;
      const call = { name: 'ask', focused: 'question', options, guild, user };
      return (await discord.autocomplete(call)).choices.map(({ value }) => value);
    };
    expect(await choices('how long mel')).toEqual([question]);
    expect(await choices('how long mel', discord.home)).toEqual([]);
    expect(await choices('ジョリー')).toEqual([translated]);
    expect(await choices('ジョリー', discord.home)).toEqual([]);
    expect(await choices('how long raim')).toEqual([]);
    expect(await choices('how long raim', discord.home)).toEqual([]);
  });
});

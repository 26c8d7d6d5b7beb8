import { expect, it } from 'vitest';
import { textOf } from '../../tools/local-discord/message-view.ts';
import { startRunningBot } from './running-bot.ts';

const BLINKEN = 'How long did the meeting with Blinken last?';
/** No question, but the documents answer it clearly. */
const CLEAR = 'Meeting with Sullivan';

it('channels and forums set to it are answered without a mention, but people among themselves are not', async () => {
  const running = await startRunningBot({ env: { DISCORD_MESSAGE_CONTENT: 'on' } });
  const { discord } = running;
  try {
    const open = discord.channel();
    const forum = discord.channel({ type: 15 });
    const post = discord.channel({ type: 11, parentId: forum.id });
    const settings = { user: discord.user({ permissions: 1n << 5n }) };
    const panel = await discord.command({ name: 'settings', ...settings });
    await discord.select(panel.message, '1|g|mentionFree', [open.id, forum.id], settings);
    const first = await discord.replyTo(discord.post(BLINKEN, { channel: open }));
    const inForum = await discord.replyTo(
      discord.post('ブリンケンとの会談は何分でしたか', { channel: post }),
    );
    expect(textOf(first)).toContain(BLINKEN);
    expect(textOf(inForum)).toContain('2つの説');

    const friend = discord.user();
    const said = discord.post('thanks a lot everybody, see you tomorrow', { channel: open });
    discord.post('hello', { channel: open });
    discord.post(`${BLINKEN} I wonder`, { channel: open, replyTo: said, user: friend });
    discord.post(BLINKEN, { channel: discord.channel() });
    const last = await discord.replyTo(
      discord.post('and with Sullivan?', { channel: open, replyTo: first }),
    );
    expect(textOf(last)).toContain('How long did the meeting with Sullivan last?');
    expect(discord.world.saidIn(open.id)).toHaveLength(2);
  } finally {
    await running.stop();
  }
});

it('people among themselves who say much are not searched for beyond their limit, and not told', async () => {
  const env = { DISCORD_MESSAGE_CONTENT: 'on', RATE_LIMIT_USER: '1' };
  const running = await startRunningBot({ env });
  const { discord } = running;
  try {
    const open = discord.channel();
    const settings = { user: discord.user({ permissions: 1n << 5n }) };
    const panel = await discord.command({ name: 'settings', ...settings });
    await discord.select(panel.message, '1|g|mentionFree', [open.id], settings);
    const talker = discord.user();
    for (const text of ['the weather is fine today', CLEAR, CLEAR])
      discord.post(text, { channel: open, user: talker });
    const answer = await discord.replyTo(
      discord.post(CLEAR, { channel: open, user: discord.user() }),
    );
    expect(textOf(answer)).toContain(CLEAR);
    expect(discord.world.saidIn(open.id)).toHaveLength(1);
  } finally {
    await running.stop();
  }
});

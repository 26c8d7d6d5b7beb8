import type { Exchange } from '../../test/support/discord/exchange.ts';
import { MessageFlag } from '../../test/support/discord/limits.ts';
import { customIdsOf } from '../../test/support/discord/message-view.ts';
import { userJson } from '../../test/support/discord/payloads.ts';
import type { User } from '../../test/support/discord/world.ts';
import { startRunningBot, type RunningBot } from '../../test/e2e/running-bot.ts';
import type { Reader } from './markdown.ts';
import { formPage, messagePage } from './page.ts';

const BLINKEN = 'How long did the meeting with Blinken last?';

/** The rest of these is more of the same. */
const CUT = new Set(['tour']);

/** One picture: its file's name, and the page to photograph. */
export interface Scene {
  readonly name: string;
  readonly html: string;
}

interface Person extends Reader {
  readonly user: User;
}

/** Runs the real bot against a local Discord, uses every command, and keeps what was shown. */
export async function playScenes(): Promise<Scene[]> {
  const running = await startRunningBot();
  try {
    return await play(running);
  } finally {
    await running.stop();
  }
}

async function play({ discord }: RunningBot): Promise<Scene[]> {
  const now = Date.now();
  const person = (username: string, locale: string, timeZone: string) => {
    const user = discord.user({
      username,
      locale,
    });
    return { user, locale, timeZone, now };
  };
  const mika = person('Mika', 'en-GB', 'Europe/London');
  const haruto = person('陽翔', 'ja', 'Asia/Tokyo');
  const keeper = person('Keeper', 'en-GB', 'Europe/London');
  discord.world.owner = userJson(keeper.user);

  const scenes: Scene[] = [];
  const use = async (
    name: string,
    options: Record<string, string | boolean> = {},
    { user }: Person = mika,
  ): Promise<Exchange> => discord.command({ name, options, user });
  const keep = (name: string, shown: Exchange, reader: Person = mika, command?: string): void => {
    scenes.push({
      name,
      html: pageOf(shown, reader, { command: command ?? null, isCut: CUT.has(name) }),
    });
  };

  const answered = await use('ask', { question: BLINKEN });
  keep('ask-answered', answered, mika, '/ask');
  keep('context', await discord.click(answered.message, idOf(answered, '1|x|2|')));
  const opened = await discord.click(answered.message, idOf(answered, '1|d|'));
  scenes.push({ name: 'feedback', html: formPage(opened.modal, mika) });
  const remark = 'The end of the meeting is missing';
  await discord.submitModal(opened, { remark });
  await discord.click(answered.message, idOf(answered, '1|u|'));

  const lavrov = { question: 'What did she say to Lavrov in Moscow?' };
  keep('ask-weak', await use('ask', lavrov), mika, '/ask');
  await use('ask', { question: 'what did she say to lavrov in moscow' });
  const offTopic = { question: 'How do I bake sourdough bread?' };
  keep('ask-not-found', await use('ask', offTopic), mika, '/ask');
  keep('ask-japanese', await use('ask', { question: BLINKEN }, haruto), haruto, '/質問');
  const inMeeting = { meeting: 'joly', question: 'How long did it last?' };
  keep('meeting-question', await use('meeting', inMeeting), mika, '/meeting');
  keep('meeting-card', await use('meeting', { meeting: 'blinken' }), mika, '/meeting');
  keep('tour', await use('tour'), mika, '/tour');
  keep('tour-day', await use('tour', { day: 'jan 11' }), mika, '/tour');
  keep('sources', await use('sources', { kind: 'official' }), mika, '/sources');
  keep('about', await use('about'), mika, '/about');
  const target = discord.post('so how much money did Japan give for anti-drone systems?');
  const fromMenu = await discord.messageCommand({
    name: 'Ask the tour',
    target,
    user: mika.user,
  });
  keep('ask-the-tour', fromMenu, mika, 'Ask the tour');
  for (const part of ['status', 'unanswered', 'feedback', 'reload']) {
    keep(`admin-${part}`, await use(`admin ${part}`, {}, keeper), keeper, `/admin ${part}`);
  }
  return scenes;
}

function pageOf(
  shown: Exchange,
  reader: Person,
  { command, isCut }: { command: string | null; isCut: boolean },
): string {
  const { message, files } = shown;
  return messagePage({
    message,
    files,
    reader,
    command,
    asker: reader.user.username,
    isCut,
    isEphemeral: (message.flags & MessageFlag.ephemeral) !== 0,
  });
}

function idOf({ message }: Exchange, start: string): string {
  const id = customIdsOf(message).find((customId) => customId.startsWith(start));
  if (id === undefined) throw new Error(`expected a control that starts with ${start}`);
  return id;
}

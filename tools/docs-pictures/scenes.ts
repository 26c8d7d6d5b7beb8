import { loadConfig } from '../../src/config.ts';
import { openEmbedder } from '../../src/embedding/open-embedder.ts';
import type { Exchange } from '../local-discord/exchange.ts';
import { MessageFlag } from '../local-discord/limits.ts';
import { customIdsOf } from '../local-discord/message-view.ts';
import { userJson } from '../local-discord/payloads.ts';
import type { User } from '../local-discord/world.ts';
import { startRunningBot, type RunningBot } from '../../test/e2e/running-bot.ts';
import type { Reader } from './markdown.ts';
import { formPage, messagePage } from './page.ts';

const BLINKEN = 'How long did the meeting with Blinken last?';

/** Pixels that a sure answer, and any other reply that is read in one glance, may take on a phone 420 pixels wide. */
const SURE = 400;
const GLANCE = 520;

/** One picture: its file's name, the page to photograph, and the most pixels that it may be high. */
export interface Scene {
  readonly name: string;
  readonly html: string;
  readonly highest: number | null;
}

interface Person extends Reader {
  readonly user: User;
}

/** Runs the real bot against a local Discord, uses every command, and keeps what was shown. */
export async function playScenes(): Promise<Scene[]> {
  const { indexFolder, embedding } = loadConfig({});
  const embedder = await openEmbedder(embedding);
  try {
    const running = await startRunningBot({ index: { folder: indexFolder, embedder } });
    try {
      return await play(running);
    } finally {
      await running.stop();
    }
  } finally {
    await embedder.close();
  }
}

async function play({ discord }: RunningBot): Promise<Scene[]> {
  const person = (username: string, locale: string, timeZone: string) => ({
    user: discord.user({ username, locale }),
    locale,
    timeZone,
    now: Date.now(),
  });
  const mika = person('Mika', 'en-GB', 'Europe/London');
  const haruto = person('陽翔', 'ja', 'Asia/Tokyo');
  const maintainer = person('Sora', 'en-GB', 'Europe/London');
  discord.world.owner = userJson(maintainer.user);

  const scenes: Scene[] = [];
  const use = async (
    name: string,
    options: Record<string, string | boolean> = {},
    { user }: Person = mika,
  ): Promise<Exchange> => discord.command({ name, options, user });
  const keep = (
    name: string,
    shown: Exchange,
    options: { reader?: Person; command?: string; highest?: number } = {},
  ): void => {
    const { reader = mika, command = null, highest = null } = options;
    const html = pageOf(shown, { ...reader, now: Date.now() }, command);
    scenes.push({ name, html, highest });
  };
  const ask = (question: string, reader: Person = mika): Promise<Exchange> =>
    use('ask', { question }, reader);

  const lunch = 'How long was the lunch in Helsinki?';
  const answered = await ask(lunch);
  keep('ask-answered', answered, { command: '/ask', highest: SURE });
  keep('context', await discord.click(answered.message, idOf(answered, '1|x|1|')));
  const opened = await discord.click(answered.message, idOf(answered, '1|d|'));
  scenes.push({ name: 'feedback', html: formPage(opened.modal, mika), highest: null });
  const remark = 'The end of the meeting is missing';
  await discord.submitModal(opened, { remark });
  await discord.click(answered.message, idOf(answered, '1|u|'));

  keep('ask-versions', await ask(BLINKEN), { command: '/ask', highest: GLANCE });
  const weak = await ask('What gift did Fidan receive?');
  keep('ask-weak', weak, { command: '/ask', highest: GLANCE });
  keep('passages', await discord.click(weak.message, idOf(weak, '1|o|0|')));
  await ask('what gift did fidan receive');
  const bread = await ask('How do I bake sourdough bread?');
  keep('ask-not-found', bread, { command: '/ask', highest: GLANCE });
  const countries = await ask('Which countries did she visit?');
  keep('ask-listing', countries, { command: '/ask', highest: GLANCE });
  const inTheHague = await ask('How many meetings did she have in The Hague?');
  keep('ask-meetings', inTheHague, { command: '/ask', highest: GLANCE });
  const translated = await ask(lunch, haruto);
  keep('ask-japanese', translated, { reader: haruto, command: '/質問', highest: SURE });
  const versionsJa = await ask('ブリンケンとの会談は何分でしたか', haruto);
  keep('ask-versions-japanese', versionsJa, { reader: haruto, command: '/質問', highest: GLANCE });
  const listJa = await ask('アンカラで何をしましたか', haruto);
  keep('ask-listing-japanese', listJa, { reader: haruto, command: '/質問', highest: GLANCE });
  const inMeeting = { meeting: 'joly', question: 'How long did the meeting last?' };
  const aboutJoly = await use('meeting', inMeeting);
  keep('meeting-question', aboutJoly, { command: '/meeting', highest: SURE });
  const card = await use('meeting', { meeting: 'blinken' });
  keep('meeting-card', card, { command: '/meeting', highest: GLANCE });
  const cardJa = await use('meeting', { meeting: 'blinken' }, haruto);
  keep('meeting-card-japanese', cardJa, { reader: haruto, command: '/会談', highest: GLANCE });
  keep('tour', await use('tour'), { command: '/tour' });
  const busiest = await use('tour', { day: 'jan 7' });
  keep('tour-day', busiest, { command: '/tour', highest: GLANCE });
  keep('sources', await use('sources', { kind: 'official' }), { command: '/sources' });
  keep('about', await use('about'), { command: '/about' });
  const target = discord.post('so how much money did Japan give for anti-drone systems?');
  const fromMenu = await discord.messageCommand({
    name: 'Ask the tour',
    target,
    user: mika.user,
  });
  keep('ask-the-tour', fromMenu, { command: 'Ask the tour' });
  for (const part of ['status', 'unanswered', 'feedback', 'reload']) {
    const shown = await use(`admin ${part}`, {}, maintainer);
    keep(`admin-${part}`, shown, { reader: maintainer, command: `/admin ${part}` });
  }
  return scenes;
}

function pageOf(
  { message, files }: Pick<Exchange, 'message' | 'files'>,
  reader: Person,
  command: string | null,
): string {
  return messagePage({
    message,
    files,
    reader,
    command,
    asker: reader.user.username,
    isEphemeral: (message.flags & MessageFlag.ephemeral) !== 0,
  });
}

function idOf({ message }: Exchange, start: string): string {
  const id = customIdsOf(message).find((customId) => customId.startsWith(start));
  if (id === undefined) throw new Error(`expected a control that starts with ${start}`);
  return id;
}

import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PROJECT_FOLDER } from '../../src/config.ts';
import { seedKnownVectors } from '../support/known-vectors.ts';

interface Ended {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

let folder: string;
let indexFolder: string;
/** What the first question of all wrote: it had to build the index. */
let first: Ended;

const ask = ['--import', 'tsx', 'scripts/ask.ts'];
const start = ['--import', 'tsx', 'src/main.ts'];

function environment(more: Readonly<Record<string, string>> = {}): NodeJS.ProcessEnv {
  const { PATH, HOME } = process.env;
  return { PATH, HOME, INDEX_DIR: indexFolder, DISCORD_TOKEN: '', ...more };
}

function run(
  args: readonly string[],
  { input = '', env = {} }: { input?: string; env?: Record<string, string> } = {},
): Promise<Ended> {
  return new Promise((resolve) => {
    const child = execFile(
      process.execPath,
      args,
      { cwd: PROJECT_FOLDER, env: environment(env) },
      (_error, stdout, stderr) => resolve({ code: child.exitCode ?? -1, stdout, stderr }),
    );
    child.stdin?.end(input);
  });
}

const questions =
  'How long did Kamikawa and Blinken talk?\r\n\r\nhow do I boil an egg\nWho is Barbara Nowacka?';

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'dragoman-process-'));
  indexFolder = join(folder, 'index');
  await seedKnownVectors({ corpusFolder: 'corpus', indexFolder });
  first = await run([...ask, '--json', '--k', '1', 'Who is Barbara Nowacka?']);
});

afterAll(async () => {
  await rm(folder, { recursive: true });
});

describe('npm run ask', () => {
  it('builds a missing index, tells only standard error of it, and answers in one line of JSON', () => {
    expect(first.code).toBe(0);
    expect(first.stderr).toContain('There is no index yet');
    expect(first.stdout.trimEnd().split('\n')).toHaveLength(1);
    expect(Object.keys(JSON.parse(first.stdout) as object)).toEqual([
      'question',
      'verdict',
      'reason',
      'confidence',
      'excerpts',
      'timing',
      'generation',
    ]);
  });

  it('writes nothing to standard error when all is well, and no escape sequence to a pipe', async () => {
    const { code, stdout, stderr } = await run([...ask, 'Who is Barbara Nowacka?']);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toMatch(/^Answered/);
    expect(stdout).not.toContain('\x1b');
  });

  it('uses bold in a pipe when FORCE_COLOR asks for it, unless NO_COLOR is set', async () => {
    const forced = await run([...ask, 'Nowacka?'], { env: { FORCE_COLOR: '1' } });
    expect(forced.stdout).toContain('\x1b[1m');
    const both = await run([...ask, 'Nowacka?'], { env: { FORCE_COLOR: '1', NO_COLOR: '1' } });
    expect(both.stdout).not.toContain('\x1b');
  });

  it('answers the questions of standard input in order, one line of JSON each', async () => {
    const { code, stdout } = await run([...ask, '--questions', '-'], { input: questions });
    const answers = stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as { question: string });
    expect(answers.map(({ question }) => question)).toEqual(questions.split(/[\r\n]+/));
    expect(code).toBe(0);
  });

  it('gives an error in the place of a question that cannot be asked, and exit code 1', async () => {
    const file = join(folder, 'questions.txt');
    await writeFile(file, `\ufeffWho is Nowacka?\n${'why '.repeat(100)}\nWho is Duda?\n`);
    const { code, stdout, stderr } = await run([...ask, '--questions', file]);
    const lines = stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as object);
    expect(lines.map((line) => 'error' in line)).toEqual([false, true, false]);
    expect(lines[0]).toMatchObject({ question: 'Who is Nowacka?' });
    expect(code).toBe(1);
    expect(stderr).toMatch(/1 of the questions .* line 2\./);
  });

  it.each([
    [['--meeting', 'churchill', 'Who?'], /No meeting fits "churchill"[^]*blinken/],
    [['--source', 'mofa-us-fn', 'Who?'], /no source with the id "mofa-us-fn"[^]*mofa-us-fm/],
    [['--questions', '/no/such/file'], /\/no\/such\/file cannot be read/],
    [[' '], /question is empty/],
  ])('exits with 1 for %j and says what to do', async (args, message) => {
    const { code, stdout, stderr } = await run([...ask, '--json', ...args]);
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toMatch(message);
  });

  it.each([[[]], [['--k', '0', 'Who?']], [['--verbose', 'Who?']]])(
    'exits with 2 for wrong usage such as %j',
    async (args) => {
      const { code, stdout, stderr } = await run([...ask, ...args]);
      expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
      expect(stderr).toContain('--help');
    },
  );

  it('prints help without reading settings', async () => {
    const { code, stdout } = await run([...ask, '--help'], { env: { LOG_LEVEL: 'nonsense' } });
    expect(code).toBe(0);
    expect(stdout).toMatch(/^Usage: npm run ask/);
  });

  it('leaves quietly when its reader has seen enough', async () => {
    const child = spawn(process.execPath, [...ask, '--questions', '-'], {
      cwd: PROJECT_FOLDER,
      env: environment(),
    });
    let stderr = '';
    child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
    // The child may be gone before it has read everything.
    child.stdin.on('error', () => undefined);
    child.stdin.end('Who is Duda?\n'.repeat(300));
    await once(child.stdout, 'data');
    child.stdout.destroy();
    const [code] = (await once(child, 'close')) as [number | null];
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  });
});

describe('npm start', () => {
  it('answers each line of a pipe and exits with 0', async () => {
    const input = 'Who is Barbara Nowacka?\n/meeting blinken\nhow do I boil an egg\n';
    const { code, stdout, stderr } = await run(start, { input });
    expect(code).toBe(0);
    expect(stderr).toMatch(/^Dragoman: \d+ documents/);
    expect(stdout.match(/^ask.*> .*$/gm)).toEqual([
      'ask> Who is Barbara Nowacka?',
      'ask> /meeting blinken',
      'ask about blinken> how do I boil an egg',
    ]);
    expect(stdout).toMatch(/^Answered/m);
  });

  it('stops at /quit and leaves what follows unread', async () => {
    const { code, stdout } = await run(start, { input: '/quit\nWho is Barbara Nowacka?\n' });
    expect({ code, stdout }).toEqual({ code: 0, stdout: 'ask> /quit\n' });
  });

  it('leaves with 0 when interrupted', async () => {
    const child = spawn(process.execPath, start, { cwd: PROJECT_FOLDER, env: environment() });
    child.stdin.write('Who is Barbara Nowacka?\n');
    await once(child.stdout, 'data');
    child.kill('SIGINT');
    const [code] = (await once(child, 'close')) as [number | null];
    expect(code).toBe(0);
  });

  it('refuses arguments with 2 and wrong settings with 1', async () => {
    expect((await run([...start, 'hello'])).code).toBe(2);
    const wrong = await run(start, { env: { LOG_LEVEL: 'nonsense' } });
    expect(wrong.code).toBe(1);
    expect(wrong.stderr).toContain('LOG_LEVEL');
  });

  it('runs the bot when there is a token, and exits with 1 when Discord is out of reach', async () => {
    const { code, stderr } = await run(start, {
      input: 'Who is Barbara Nowacka?\n',
      env: { DISCORD_TOKEN: 'secret.of.nobody', DISCORD_API_URL: 'http://127.0.0.1:9' },
    });
    expect(code).toBe(1);
    expect(stderr).toContain('Discord could not be reached');
    expect(stderr).not.toContain('secret.of.nobody');
  });

  it('builds again for another model, which a mere question refuses to do', async () => {
    const model = join(folder, 'model');
    await cp(join(PROJECT_FOLDER, 'embeddings/model'), model, { recursive: true });
    const config = await readFile(join(model, 'config.json'), 'utf8');
    await writeFile(join(model, 'config.json'), `${config}\n`);
    const env = { EMBEDDING_MODEL: model };

    const refused = await run([...ask, 'Who is Barbara Nowacka?'], { env });
    expect({ code: refused.code, stdout: refused.stdout }).toEqual({ code: 1, stdout: '' });
    expect(refused.stderr).toContain('built with the model bundled');

    const rebuilt = await run(start, { env, input: 'Who is Barbara Nowacka?\n' });
    expect(rebuilt.code).toBe(0);
    expect(rebuilt.stderr).toContain('Building it again with the model in use.');
    expect(rebuilt.stdout).toMatch(/^Answered/m);
  });
});

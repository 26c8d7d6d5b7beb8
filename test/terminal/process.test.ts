import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PROJECT_FOLDER } from '../../src/config.ts';
import { TINY_FOLDER } from '../embedding/models.ts';
import { MEETING_FILES, writeFiles } from '../index/temporary-folder.ts';

interface Ended {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

let folder: string;
let corpusFolder: string;
let indexFolder: string;
/** What the first question of all wrote: it had to build the index. */
let first: Ended;

const ask = ['scripts/run.js', 'ask'];
const start = ['scripts/run.js', 'main'];

/** One document and a model that is small and random: no answer matters here. */
function environment(more: Readonly<Record<string, string>> = {}): NodeJS.ProcessEnv {
  const { PATH, HOME } = process.env;
  return {
    PATH,
    HOME,
    CORPUS_DIR: corpusFolder,
    INDEX_DIR: indexFolder,
    EMBEDDING_MODEL: TINY_FOLDER,
    DISCORD_TOKEN: '',
    ...more,
  };
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

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'dragoman-process-'));
  corpusFolder = join(folder, 'corpus');
  indexFolder = join(folder, 'index');
  await writeFiles(corpusFolder, MEETING_FILES);
  first = await run([...ask, '--json', '--k', '1', 'Who arrived in Warsaw?']);
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
      'listing',
      'versions',
      'timing',
      'generation',
    ]);
  });

  it('writes nothing to standard error when all is well, and no escape sequence to a pipe', async () => {
    const { code, stdout, stderr } = await run([...ask, 'Who arrived in Warsaw?']);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toMatch(/^(?:Answered|Not sure|Not found)/);
    expect(stdout).not.toContain('\x1b');
  });

  it('answers the questions of standard input in order, one line of JSON each, and an error in the place of one that cannot be asked', async () => {
    const long = 'why '.repeat(100).trim();
    const input = `\ufeffWho arrived in Warsaw?\r\n\r\n${long}\nhow do I boil an egg`;
    const { code, stdout, stderr } = await run([...ask, '--questions', '-'], { input });
    const lines = stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as { question: string });
    expect(lines.map((line) => [line.question, 'error' in line])).toEqual([
      ['Who arrived in Warsaw?', false],
      [long, true],
      ['how do I boil an egg', false],
    ]);
    expect(code).toBe(1);
    expect(stderr).toMatch(/1 of the questions .* line 3\./);
  });

  it('exits with 1 for questions that are blank lines alone, and says so', async () => {
    const { code, stdout, stderr } = await run([...ask, '--questions', '-'], { input: '\n \n' });
    expect(code).toBe(1);
    expect(stdout).toBe('');
    expect(stderr).toMatch(/Expected a question a line .*found none/);
  });

  it('exits with 1 for questions that are not in UTF-8, and says so', async () => {
    const input = 'Who?\n'.replace(/./gs, '$&\0');
    const { code, stdout, stderr } = await run([...ask, '--questions', '-'], { input });
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toMatch(/cannot be read: it is not in UTF-8/);
  });

  it('exits with 1 for a file of questions that is missing, and says so', async () => {
    const { code, stdout, stderr } = await run([...ask, '--questions', '/no/such/file']);
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toMatch(/\/no\/such\/file cannot be read/);
  });

  it('prints help without reading settings', async () => {
    const { code, stdout } = await run([...ask, '--help'], { env: { LOG_LEVEL: 'nonsense' } });
    expect(code).toBe(0);
    expect(stdout).toContain('USAGE npm run ask -- [OPTIONS] [QUESTION]');
    expect(stdout).not.toContain('\x1b');
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
    child.stdin.end('Who arrived?\n'.repeat(300));
    await once(child.stdout, 'data');
    child.stdout.destroy();
    const [code] = (await once(child, 'close')) as [number | null];
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  });
});

describe('an index of other documents', () => {
  it('answers with a warning on standard error, in the terminal', async () => {
    const other = join(folder, 'other');
    await writeFiles(other, { 'tea.md': '# Tea\n\nTea is grown on hills.\n' });
    const { code, stderr } = await run([...ask, 'Who arrived?'], { env: { CORPUS_DIR: other } });
    expect(code).toBe(0);
    expect(stderr).toContain(`Warning: The index in ${indexFolder} was built from other documents`);
    expect(stderr).toContain('npm run build:index');
  });
});

describe('npm start', () => {
  it('answers each line of a pipe up to /quit, in bold when FORCE_COLOR asks for it, and exits with 0', async () => {
    const input = 'Who arrived in Warsaw?\n/meeting arrival\nhow do I boil an egg\n/quit\nWho?\n';
    const { code, stdout, stderr } = await run(start, { input, env: { FORCE_COLOR: '1' } });
    expect(code).toBe(0);
    expect(stderr).toMatch(/^Dragoman: \d+ documents?/);
    expect(stdout.match(/^ask.*> .*$/gm)).toEqual([
      'ask> Who arrived in Warsaw?',
      'ask> /meeting arrival',
      'ask about arrival> how do I boil an egg',
      'ask about arrival> /quit',
    ]);
    expect(stdout).toContain('\x1b[1m');
  });

  it('leaves with 0 when interrupted', async () => {
    const child = spawn(process.execPath, start, { cwd: PROJECT_FOLDER, env: environment() });
    child.stdin.write('Who arrived?\n');
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
    const noFolder = await run(start, { env: { INDEX_DIR: 'package.json' } });
    expect({ ...noFolder, stdout: '' }).toMatchObject({ code: 1, stdout: '' });
    expect(noFolder.stderr).toMatch(
      /^Expected a folder in .*package\.json, found a file\.\n.*INDEX_DIR/,
    );
    expect(noFolder.stderr).not.toMatch(/ENOTDIR|EEXIST|\n\s+at /);
  });

  it('of the bot has that in the log', async () => {
    const env = {
      ...{ CORPUS_DIR: join(folder, 'nowhere'), DISCORD_TOKEN: 'secret.of.nobody' },
      DISCORD_API_URL: 'http://127.0.0.1:9',
    };
    const { stdout } = await run(start, { env });
    const events = stdout.split('\n').filter((line) => line.includes('index.other-documents'));
    expect(events).toHaveLength(1);
  });

  it('runs the bot when there is a token, and exits with 1 when Discord is out of reach', async () => {
    const { code, stderr } = await run(start, {
      input: 'Who arrived?\n',
      env: { DISCORD_TOKEN: 'secret.of.nobody', DISCORD_API_URL: 'http://127.0.0.1:9' },
    });
    expect(code).toBe(1);
    expect(stderr).toContain('Discord could not be reached');
    expect(stderr).not.toContain('secret.of.nobody');
  });

  it('builds again for another model, which a mere question refuses to do', async () => {
    const model = join(folder, 'model');
    await cp(TINY_FOLDER, model, { recursive: true });
    const config = await readFile(join(model, 'config.json'), 'utf8');
    await writeFile(join(model, 'config.json'), `${config}\n`);
    const env = { EMBEDDING_MODEL: model };

    const refused = await run([...ask, 'Who arrived?'], { env });
    expect({ code: refused.code, stdout: refused.stdout }).toEqual({ code: 1, stdout: '' });
    expect(refused.stderr).toContain(`built with the model ${TINY_FOLDER}`);

    const rebuilt = await run(start, { env, input: 'Who arrived?\n' });
    expect(rebuilt.code).toBe(0);
    expect(rebuilt.stderr).toContain('Building it again with the model in use.');
    expect(rebuilt.stdout).toContain('ask> Who arrived?\n');
  });
});

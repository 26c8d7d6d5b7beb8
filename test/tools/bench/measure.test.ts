import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { runChild, usageOfChildren } from '../../../tools/bench/measure.ts';
import { temporaryFolder, writeFiles } from '../../index/temporary-folder.ts';

const BUSY_MS = 300;
const BUSY = `const until = process.cpuUsage().user + ${BUSY_MS * 1000};
  while (process.cpuUsage().user < until);
  process.stdout.write('done');
  process.stdin.resume();`;

describe.runIf(process.platform === 'linux')('usageOfChildren', () => {
  it('counts the time of a child while it runs and when it has ended, its memory only while it runs', async () => {
    const before = usageOfChildren();
    const child = spawn(process.execPath, ['-e', BUSY], { stdio: ['pipe', 'pipe', 'inherit'] });
    await once(child.stdout, 'data');
    const during = usageOfChildren();
    expect(during.cpuMs - before.cpuMs).toBeGreaterThan(BUSY_MS / 2);
    expect(during.residentMiB - before.residentMiB).toBeGreaterThan(10);
    expect(during.peakMiB).toBeGreaterThanOrEqual(during.residentMiB);
    child.stdin.end();
    await once(child, 'exit');
    const after = usageOfChildren();
    expect(after.cpuMs).toBeGreaterThanOrEqual(during.cpuMs);
    expect(after.residentMiB).toBeLessThan(during.residentMiB);
  });
});

describe('runChild', () => {
  it('gives what a script printed and what it cost', async () => {
    const run = await runChild({ command: [await script("process.stdout.write('done')")] });
    expect(run.output).toBe('done');
    expect(run.cpuMs).toBeGreaterThan(0);
    expect(run.firstOutputMs).toBeLessThanOrEqual(run.exitMs);
  });

  it('fails with the messages of a script that fails', async () => {
    const failing = await script("console.error('no such size'); process.exitCode = 2");
    await expect(runChild({ command: [failing] })).rejects.toThrow(
      /failed \(2\):\n.*no such size/s,
    );
  });
});

async function script(source: string): Promise<string> {
  const folder = await temporaryFolder();
  await writeFiles(folder, { 'script.ts': source });
  return join(folder, 'script.ts');
}

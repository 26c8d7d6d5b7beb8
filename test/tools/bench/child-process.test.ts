import { describe, expect, it } from 'vitest';
import { runChild } from '../../../tools/bench/child-process.ts';

describe('runChild', () => {
  it('gives what a script printed and what it cost', async () => {
    const run = await runChild({ command: ['tools/bench/bench.ts', '--help'] });
    expect(run.output).toContain('npm run bench');
    expect(run.cpuMs).toBeGreaterThan(0);
    expect(run.firstOutputMs).toBeLessThanOrEqual(run.exitMs);
  });

  it('fails with the messages of a script that fails', async () => {
    await expect(
      runChild({ command: ['tools/bench/bench.ts', '--sizes', 'many'] }),
    ).rejects.toThrow(/failed \(2\):\n.*found "many"/s);
  });
});

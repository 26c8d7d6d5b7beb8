import { readdirSync, readFileSync } from 'node:fs';

/** What the processes that this one has started, the encoder's among them, have used so far. */
export interface ChildUsage {
  /** Processor time of all their threads, of those that have ended too. */
  readonly cpuMs: number;
  readonly residentMiB: number;
  /** The sum of what each of them used at most. */
  readonly peakMiB: number;
}

/** Linux counts processor time for programs in hundredths of a second, whatever it counts in itself. */
const MS_A_TICK = 10;

/** Read from /proc; where there is none, every figure is 0. */
export function usageOfChildren(): ChildUsage {
  if (process.platform !== 'linux') return { cpuMs: 0, residentMiB: 0, peakMiB: 0 };
  const own = statOf('self');
  let cpuMs = own?.ofEndedMs ?? 0;
  let residentMiB = 0;
  let peakMiB = 0;
  for (const name of readdirSync('/proc')) {
    const child = /^\d+$/.test(name) ? statOf(name) : null;
    if (child?.parent !== process.pid) continue;
    cpuMs += child.ownMs + child.ofEndedMs;
    const status = read(name, 'status') ?? '';
    residentMiB += memoryIn(status, 'VmRSS');
    peakMiB += memoryIn(status, 'VmHWM');
  }
  return { cpuMs, residentMiB, peakMiB };
}

interface Stat {
  readonly parent: number;
  readonly ownMs: number;
  /** Of children that have ended. */
  readonly ofEndedMs: number;
}

/** Fields by their places in proc(5), after the name, which may hold anything. */
function statOf(pid: string): Stat | null {
  const stat = read(pid, 'stat');
  if (stat === null) return null;
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const ticks = (at: number): number => Number(fields[at] ?? 0) * MS_A_TICK;
  return {
    parent: Number(fields[1]),
    ownMs: ticks(11) + ticks(12),
    ofEndedMs: ticks(13) + ticks(14),
  };
}

function memoryIn(status: string, name: string): number {
  return Number(new RegExp(`^${name}:\\s*(\\d+) kB$`, 'm').exec(status)?.[1] ?? 0) / 1024;
}

/** Null for a process that has just ended. */
function read(pid: string, file: string): string | null {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'latin1');
  } catch {
    return null;
  }
}

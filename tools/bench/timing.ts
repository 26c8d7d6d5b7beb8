import { percentile } from '../evaluation/metrics.ts';
import { usageOfChildren } from './child-usage.ts';

/** Median and 95th percentile, in milliseconds unless the name says otherwise. */
export interface Spread {
  readonly median: number;
  readonly p95: number;
}

export function spreadOf(values: readonly number[]): Spread {
  return { median: percentile(values, 0.5), p95: percentile(values, 0.95) };
}

/** Wall time, and processor time of all threads of this process and of those that it started. */
export interface Cost {
  readonly wallMs: number;
  readonly cpuMs: number;
}

export async function costOf<Result>(
  work: () => Result | Promise<Result>,
): Promise<Cost & { readonly result: Result }> {
  const cpu = cpuMsSoFar();
  const started = performance.now();
  const result = await work();
  const wallMs = performance.now() - started;
  return { result, wallMs, cpuMs: cpuMsSoFar() - cpu };
}

export function cpuMsSoFar(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000 + usageOfChildren().cpuMs;
}

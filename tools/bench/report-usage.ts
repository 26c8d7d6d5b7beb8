import { writeSync } from 'node:fs';
import { usageOfChildren } from './child-usage.ts';

/**
 * Imported before a measured script: when it leaves, writes its processor time and that of its children, in milliseconds,
 * to the descriptor after standard error.
 */
const USAGE_DESCRIPTOR = 3;

process.on('exit', () => {
  const { user, system } = process.cpuUsage();
  writeSync(USAGE_DESCRIPTOR, String((user + system) / 1000 + usageOfChildren().cpuMs));
});

import { mkdtemp, mkdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { onTestFinished } from 'vitest';

/** A folder that is gone when the test is. */
export async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'dragoman-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

/** Writes files by their paths relative to a folder. */
export async function writeFiles(
  folder: string,
  files: Readonly<Record<string, string>>,
): Promise<void> {
  for (const [path, content] of Object.entries(files)) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), content);
  }
}

/** A small corpus of documents that say different things: `a.md`, `b.md` and so on. */
export function sampleFiles(count: number): Record<string, string> {
  const files: Record<string, string> = {};
  for (let number = 1; number <= count; number += 1) {
    files[`document-${number}.md`] = [
      `# Visit number ${number}`,
      `The minister met delegation ${number} at the ministry on the morning of the visit.`,
      `They spoke about subject ${number * 7} and agreed to meet again in ${number + 1} months.`,
    ].join('\n\n');
  }
  return files;
}

/** A meeting's document and the bibliography that it cites. */
export const MEETING_FILES: Readonly<Record<string, string>> = {
  'sources.yaml': `sources:
  - id: gazette
    title: The minister arrives
    publisher: The Gazette
    published: 2024-01-07
    url: https://example.org/arrives
    kind: press
    language: en
`,
  'meetings/arrival.md': `---
id: arrival
kind: meeting
order: 1
title: Arrival of the minister
date: 2024-01-07
city: Warsaw
country: Poland
coordinates: [52.23, 21.01]
people:
  - name: Kamikawa Yoko
    title: Minister for Foreign Affairs
topics: [arrival]
sources: [gazette]
---

Foreign Minister Kamikawa Yoko arrived in Warsaw on January 7, 2024.[^gazette]
`,
};

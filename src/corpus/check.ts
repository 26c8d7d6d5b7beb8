import { posix } from 'node:path';
import { FORMATS, SOURCES_FILE } from './files.ts';
import { byPlace, problem } from './problems.ts';
import type { ReadCorpusResult } from './read-corpus.ts';
import type { Document, Problem } from './types.ts';

const MEETINGS_FOLDER = 'meetings/';

/**
 * All problems of a corpus: those of reading it and those between its files, which are footnotes without a source,
 * sources that nothing cites, links to missing documents and gaps in the order of meetings. A corpus without a
 * bibliography or meetings is not checked for them.
 */
export function checkCorpus(read: ReadCorpusResult): Problem[] {
  return [
    ...read.problems,
    ...(read.bibliography === null ? [] : checkSources(read)),
    ...checkMeetings(read),
    ...checkLinks(read),
  ].sort(byPlace);
}

function checkSources({ corpus, bibliography, details }: ReadCorpusResult): Problem[] {
  const problems: Problem[] = [];
  const known = new Set(corpus.sources.map(({ id }) => id));
  const used = new Set<string>();
  for (const document of corpus.documents) {
    if (document.kind === 'other') continue;
    const lines = details.get(document.path)?.frontMatterLines;
    const named = new Set(document.sources);
    for (const id of document.sources) {
      used.add(id);
      if (known.has(id)) continue;
      const message = `the front matter names the source "${id}", which ${SOURCES_FILE} does not have. Add it there or correct the id.`;
      problems.push(problem(document.path, message, { line: lines?.sources.get(id) ?? 1 }));
    }
    const cited = new Set<string>();
    for (const { sourceId, line } of document.footnotes) {
      used.add(sourceId);
      cited.add(sourceId);
      if (!known.has(sourceId)) {
        const message = `the footnote [^${sourceId}] has no source of this id in ${SOURCES_FILE}. Add it there or correct the id.`;
        problems.push(problem(document.path, message, { line }));
      } else if (!named.has(sourceId)) {
        named.add(sourceId);
        const message = `the footnote [^${sourceId}] is missing from "sources" in the front matter. Add it there.`;
        problems.push(problem(document.path, message, { line }));
      }
    }
  }
  for (const { source, line } of bibliography ?? []) {
    if (used.has(source.id)) continue;
    const message = `no document uses the source "${source.id}". Cite it or remove it.`;
    problems.push(problem(SOURCES_FILE, message, { line }));
  }
  return problems;
}

function checkMeetings({ corpus, details }: ReadCorpusResult): Problem[] {
  const problems: Problem[] = [];
  const lineOf = (document: Document, key: string): number =>
    details.get(document.path)?.frontMatterLines.keys.get(key) ?? 1;
  const byOrder = new Map<number, Document>();
  for (const document of corpus.documents) {
    const { meeting, path } = document;
    if (document.kind !== 'other' && posix.basename(path, posix.extname(path)) !== document.id) {
      const message = `the id "${document.id}" differs from the file's name. Give both the same name.`;
      problems.push(problem(path, message, { line: lineOf(document, 'id') }));
    }
    if (meeting === null) {
      if (path.startsWith(MEETINGS_FOLDER)) {
        const message =
          'expected the document of a meeting, found none ("kind: meeting" is missing). Add the front matter or move the file.';
        problems.push(problem(path, message, { line: 1 }));
      }
      continue;
    }
    const other = byOrder.get(meeting.order);
    if (other === undefined) byOrder.set(meeting.order, document);
    else {
      const message = `the order ${meeting.order} is already that of ${other.path}. Give each meeting its own.`;
      problems.push(problem(path, message, { line: lineOf(document, 'order') }));
    }
  }
  const last = Math.max(0, ...byOrder.keys());
  for (let order = 1; order <= last; order++) {
    if (byOrder.has(order)) continue;
    const message = `no document has the order ${order}, although the tour goes up to ${last}. Add the document of that meeting or renumber the others.`;
    problems.push(problem(MEETINGS_FOLDER.slice(0, -1), message));
  }
  return problems;
}

/** Relative links of documents with front matter of this corpus; saved pages may keep their dead links. */
function checkLinks({ corpus, details }: ReadCorpusResult): Problem[] {
  const problems: Problem[] = [];
  const paths = new Set(corpus.documents.map(({ path }) => path));
  const ids = new Set(corpus.documents.map(({ id }) => id));
  for (const document of corpus.documents) {
    if (document.kind === 'other') continue;
    for (const id of document.related ?? []) {
      if (ids.has(id) && id !== document.id) continue;
      const line = details.get(document.path)?.frontMatterLines.keys.get('related') ?? 1;
      const message = `"related" names "${id}", which is no other document. Correct or remove it.`;
      problems.push(problem(document.path, message, { line }));
    }
    for (const { url, line, column } of details.get(document.path)?.links ?? []) {
      if (/^(?:[a-z][a-z0-9+.-]*:|\/|#)/i.test(url)) continue;
      const target = posix.normalize(
        posix.join(posix.dirname(document.path), decodeUrl(url.replace(/[?#].*$/, ''))),
      );
      const isDocument = FORMATS.some((format) => target.toLowerCase().endsWith(format));
      if (!isDocument || paths.has(target)) continue;
      const message = `the link to "${url}" leads to no document. Correct or remove it.`;
      problems.push(problem(document.path, message, { line, column }));
    }
  }
  return problems;
}

function decodeUrl(url: string): string {
  try {
    return decodeURIComponent(url);
  } catch {
    return url;
  }
}

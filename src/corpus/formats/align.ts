import type { BlockBuilder } from './block.ts';

const REFERENCE = /&(?:#[xX][0-9a-fA-F]{1,6}|#[0-9]{1,7}|[A-Za-z][A-Za-z0-9]{1,31});?/y;

/**
 * Adds `value`, which a parser decoded from `source`, to the block, each stretch with its true place:
 * character references, backslash escapes and the prefixes of continued lines shift the two against
 * each other. Whatever cannot be matched keeps the place where the match was lost.
 *
 * @param fileStart offset of `source` in the decoded file.
 */
export function appendDecoded(
  block: BlockBuilder,
  value: string,
  { source, fileStart }: { source: string; fileStart: number },
): void {
  if (value === source) {
    block.append(value, fileStart);
    return;
  }
  let i = 0;
  let j = 0;
  let from = 0;
  let fromSource = 0;
  const flush = (): void => {
    if (i > from) block.append(value.slice(from, i), fileStart + fromSource);
  };
  while (i < value.length) {
    if (j < source.length && value[i] === source[j] && !isDecodedReference(value, i, source, j)) {
      i += 1;
      j += 1;
      continue;
    }
    flush();
    from = i;
    if (source[j] === '&') {
      REFERENCE.lastIndex = j;
      const length = REFERENCE.exec(source)?.[0].length ?? 0;
      if (length > 0) {
        const width = (value.codePointAt(i) ?? 0) > 0xffff ? 2 : 1;
        block.append(value.slice(i, i + width), fileStart + j);
        i += width;
        j += length;
        from = i;
        fromSource = j;
        continue;
      }
    }
    const found = source.indexOf(value.charAt(i), j);
    if (found === -1) {
      block.append(value.charAt(i), fileStart + Math.min(j, Math.max(0, source.length - 1)));
      i += 1;
      from = i;
      fromSource = j;
      continue;
    }
    j = found;
    fromSource = j;
  }
  flush();
}

/** True where `&amp;` in the source stands for the `&` of the value. */
function isDecodedReference(value: string, i: number, source: string, j: number): boolean {
  if (source[j] !== '&') return false;
  REFERENCE.lastIndex = j;
  const reference = REFERENCE.exec(source)?.[0];
  return reference !== undefined && !value.startsWith(reference, i);
}

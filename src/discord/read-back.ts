import { plainOf } from './escape.ts';
import { QUESTION_MARK } from './views/answer.ts';

/**
 * The question that a message of ours answers, from the message's own components; null when there is none.
 * Escaping is undone exactly, so the question is the one that was asked.
 */
export function questionIn(components: readonly unknown[]): string | null {
  const content = firstText(components);
  if (content?.startsWith(QUESTION_MARK) !== true) return null;
  const [line = ''] = content.split('\n');
  const question = plainOf(line.slice(QUESTION_MARK.length)).trim();
  return question === '' ? null : question;
}

function firstText(components: readonly unknown[]): string | null {
  for (const component of components) {
    if (typeof component !== 'object' || component === null) continue;
    if ('content' in component && typeof component.content === 'string') return component.content;
    if ('components' in component && Array.isArray(component.components)) {
      const found = firstText(component.components);
      if (found !== null) return found;
    }
  }
  return null;
}

/** What the styles of a page hide: those of its elements, and those of its style sheets, as far as they hide anything. */
import { compile, type Options } from 'css-select';
import { AttributeAction, parse, SelectorType, type Selector } from 'css-what';
import {
  attributeOf,
  elementsIn,
  plainText,
  textsIn,
  type Page,
  type PageElement,
  type PageText,
} from './page.ts';

/** Styles by which nothing is shown: taken away, without size, far off the page, left out by Word. */
const HIDING =
  /(?:display\s*:\s*none|visibility\s*:\s*(?:hidden|collapse)|font-size\s*:\s*0(?:px|pt|em|rem|%)?\s*(?:;|!|$)|(?:^|[\s;])(?:left|top|text-indent)\s*:\s*-\d{4,}(?:\.\d+)?px|mso-hide\s*:\s*all)/i;

/** Whether an attribute hides its element. */
export function hides({ name, value }: PageElement['attrs'][number]): boolean {
  if (name === 'style') return HIDING.test(value);
  return name === 'hidden';
}

/** Ways of hiding an element: what a style says of it at all, and what hides. */
const WAYS = [
  [/(?:^|[\s;])display\s*:/i, /(?:^|[\s;])display\s*:\s*none/i],
  [/visibility\s*:/i, /visibility\s*:\s*(?:hidden|collapse)/i],
  [/(?:font-size|left|top|text-indent)\s*:/i, HIDING],
] as const;

/** Of a rule with one selector. */
interface Rule {
  readonly matches: (element: PageElement) => boolean;
  /** The rule with the highest counts; of several, the last. */
  readonly weight: number;
  /** For each of {@link WAYS}, whether it hides; null where it says nothing. */
  readonly hides: readonly (boolean | null)[];
}

function hidingOf(declarations: string): (boolean | null)[] {
  return WAYS.map(([says, hiding]) => (says.test(declarations) ? hiding.test(declarations) : null));
}

/** Weights: a declaration marked as important, a name, an element. */
const IMPORTANT = 1e9;
const NAMED = 1e6;
const CLASSED = 1e3;

function weightOf(tokens: readonly Selector[]): number {
  let weight = 0;
  for (const token of tokens) {
    if (token.type === SelectorType.Attribute) weight += token.name === 'id' ? NAMED : CLASSED;
    else if (token.type === SelectorType.Tag) weight += 1;
    else if (token.type === SelectorType.Pseudo) {
      const inside = Array.isArray(token.data) ? token.data.map(weightOf) : [CLASSED];
      if (token.name !== 'where') weight += Math.max(0, ...inside);
    }
  }
  return weight;
}

/** A name by which an element is found that a selector may match: "#menu", ".wide", "p" or "*". */
function keyOf(tokens: readonly Selector[]): string {
  let key = '*';
  for (const token of tokens) {
    if (/^(?:child|descendant|sibling|adjacent)$/.test(token.type)) key = '*';
    else if (token.type === SelectorType.Attribute && token.action === AttributeAction.Element)
      key = `.${token.value}`;
    else if (token.type === SelectorType.Tag && key === '*') key = token.name;
  }
  return key;
}

/** Pixels of a usual window on a computer. */
const WINDOW_WIDTH = 1280;

/** Whether the rules below "@media …" and the like count on a screen. */
function countsOnScreen(prelude: string): boolean {
  const [, name = '', condition = ''] = /^@([\w-]+)\s*(.*)$/s.exec(prelude) ?? [];
  if (name !== 'media') return name === 'supports' || name === 'layer';
  return condition.split(',').some((query) =>
    query.split(/\band\b/i).every((part) => {
      const [, bound, size, unit] =
        /^\s*\(\s*(min|max)-width\s*:\s*([\d.]+)(px|r?em)\s*\)\s*$/i.exec(part) ?? [];
      if (bound === undefined)
        return /^\s*(?:(?:only\s+)?(?:screen|all)|not\s+print)?\s*$/i.test(part);
      const width = Number(size) * (unit === 'px' ? 1 : 16);
      return bound === 'min' ? width <= WINDOW_WIDTH : width >= WINDOW_WIDTH;
    }),
  );
}

/** The rules of style sheets that may hide something, by {@link keyOf}. */
function rulesOf(styles: string, options: Options<TreeNode, PageElement>): Map<string, Rule[]> {
  const rules = new Map<string, Rule[]>();
  const open: boolean[] = [];
  let ignored = 0;
  let selectors: string | null = null;
  const sheet = styles.replace(/\/\*.*?(?:\*\/|$)/gs, ' ').replace(/<!--|-->/g, ' ');
  for (const [, before = '', brace] of sheet.matchAll(/([^{}]*)([{}])/g)) {
    if (brace === '{') {
      const prelude = before.slice(before.lastIndexOf(';') + 1).trim();
      const isRule = !prelude.startsWith('@');
      const counts = selectors === null && (isRule || countsOnScreen(prelude));
      open.push(counts);
      if (!counts) ignored += 1;
      selectors = isRule && ignored === 0 ? prelude : null;
      continue;
    }
    if (selectors !== null) add(selectors, before);
    selectors = null;
    if (open.pop() === false) ignored -= 1;
  }
  return rules;

  function add(list: string, declarations: string): void {
    const hides = hidingOf(declarations);
    if (hides.every((each) => each === null)) return;
    const important = /(?:display|visibility)[^;]*!\s*important/i.test(declarations);
    try {
      for (const tokens of parse(list)) {
        const key = keyOf(tokens);
        const weight = weightOf(tokens) + (important ? IMPORTANT : 0);
        const known = rules.get(key) ?? [];
        known.push({ matches: compile<TreeNode, PageElement>([tokens], options), weight, hides });
        rules.set(key, known);
      }
    } catch {
      // What no selector is, or one of a state such as ":focus".
    }
  }
}

type TreeNode = PageElement['childNodes'][number] | NonNullable<PageElement['parentNode']>;

/** Elements that are looked at to decide which rules match. */
const MOST_LOOKS = 20_000_000;
/** With more of the text hidden, a script was to show it. */
const MOST_HIDDEN = 0.5;

/**
 * Marks as hidden what the style sheets of a page hide, and as shown what they show although it is marked.
 *
 * @param linked style sheets that belong to the page
 */
export function applyStyles({ body, styles }: Page, linked = ''): void {
  const sheets = `${linked}\n${styles}`;
  if (sheets.trim() === '') return;
  let looks = 0;
  const look = (count: number): void => {
    looks += count;
    if (looks > MOST_LOOKS) throw new RangeError('styles without end');
  };
  const childrenOf = (node: TreeNode | null): TreeNode[] =>
    node !== null && 'childNodes' in node ? node.childNodes : [];
  const options: Options<TreeNode, PageElement> = {
    adapter: {
      isTag: (node): node is PageElement => 'tagName' in node,
      getAttributeValue: (element, name) => attributeOf(element, name) ?? undefined,
      hasAttrib: (element, name) => attributeOf(element, name) !== null,
      getName: ({ tagName }) => tagName,
      getChildren: (node) => {
        const children = childrenOf(node);
        look(children.length);
        return children;
      },
      getParent: ({ parentNode }) => {
        look(1);
        return parentNode;
      },
      getSiblings: (node) => {
        const siblings = childrenOf('parentNode' in node ? node.parentNode : null);
        look(siblings.length);
        return siblings;
      },
      getText: (node) => ('tagName' in node ? plainText(node) : ''),
      removeSubsets: (nodes) => nodes,
    },
  };
  const rules = rulesOf(sheets, options);
  const hidden: PageElement[] = [];
  const shown: PageElement[] = [];
  try {
    for (const element of elementsIn(body)) {
      const classes = (attributeOf(element, 'class') ?? '').split(/\s+/).map((name) => `.${name}`);
      const matching = ['*', element.tagName, ...classes]
        .flatMap((key) => rules.get(key) ?? [])
        .filter(({ matches }) => matches(element));
      if (matching.length === 0) continue;
      const own = hidingOf(attributeOf(element, 'style') ?? '');
      const decided = WAYS.map((_, way): boolean | null => {
        const [strongest] = matching
          .filter(({ hides: says }) => says[way] !== null)
          .sort((a, b) => b.weight - a.weight || matching.indexOf(b) - matching.indexOf(a));
        if (strongest === undefined) return null;
        return own[way] === null || strongest.weight >= IMPORTANT
          ? (strongest.hides[way] ?? null)
          : null;
      });
      if (decided.includes(true)) hidden.push(element);
      else if (decided[0] === false) shown.push(element);
    }
  } catch (error) {
    if (error instanceof RangeError) return;
    throw error;
  }
  const lengthOf = (texts: Iterable<PageText>): number =>
    [...texts].reduce((sum, { value }) => sum + value.trim().length, 0);
  if (lengthOf(new Set(hidden.flatMap(textsIn))) > lengthOf(textsIn(body)) * MOST_HIDDEN) return;
  for (const element of hidden) element.attrs.push({ name: 'hidden', value: '' });
  for (const element of shown)
    element.attrs = element.attrs.filter(({ name }) => name !== 'hidden');
}

/** Takes from all elements of a page what hides them; false where nothing is hidden. */
export function showAll({ body }: Page): boolean {
  const hidden = elementsIn(body).filter(({ attrs }) => attrs.some(hides));
  for (const element of hidden) {
    element.attrs = element.attrs.filter((attribute) => !hides(attribute));
  }
  return hidden.length > 0;
}

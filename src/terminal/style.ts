/** How text is set off. The plain style changes nothing, so that output can be read by programs. */
export interface Style {
  /** False when escape sequences are not to be used. */
  readonly colour: boolean;
  readonly bold: Paint;
  readonly dim: Paint;
  readonly good: Paint;
  readonly doubtful: Paint;
  readonly bad: Paint;
}

type Paint = (text: string) => string;

const same: Paint = (text) => text;

/** Select Graphic Rendition of ECMA-48. */
function paint(on: number, off: number): Paint {
  return (text) => (text === '' ? '' : `\x1b[${on}m${text}\x1b[${off}m`);
}

export const PLAIN: Style = {
  colour: false,
  bold: same,
  dim: same,
  good: same,
  doubtful: same,
  bad: same,
};

export const COLOUR: Style = {
  colour: true,
  bold: paint(1, 22),
  dim: paint(2, 22),
  good: paint(32, 39),
  doubtful: paint(33, 39),
  bad: paint(31, 39),
};

/** What is known of where output goes. */
export interface Output {
  readonly isTTY?: boolean | undefined;
  readonly columns?: number | undefined;
  /** False for terminals that know no escape sequences. */
  hasColors?(): boolean;
}

export function styleFor(
  output: Output,
  wishes: { readonly noColor: boolean; readonly forceColor: boolean },
): Style {
  if (wishes.noColor) return PLAIN;
  if (wishes.forceColor) return COLOUR;
  return output.isTTY === true && (output.hasColors?.() ?? true) ? COLOUR : PLAIN;
}

const DEFAULT_COLUMNS = 80;
/** Longer lines are hard to read. */
const MOST_COLUMNS = 100;
/** Narrower than this nothing looks right anyway. */
const FEWEST_COLUMNS = 30;

export function columnsOf({ columns }: Output): number {
  // Some pseudo-terminals report 0.
  const wanted = columns === undefined || columns === 0 ? DEFAULT_COLUMNS : columns;
  return Math.min(MOST_COLUMNS, Math.max(FEWEST_COLUMNS, wanted));
}

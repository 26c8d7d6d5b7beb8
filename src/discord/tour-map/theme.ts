/**
 * Colours and measures of the picture. It is an opaque card, so that it reads the same on Discord's dark
 * and light backgrounds. Blue and amber stay apart for every common kind of colour blindness, and
 * nothing is said by colour alone: stops are numbered, the chosen day is inverted and outlined.
 */
export const COLOUR = {
  card: '#0e1b30',
  cardEdge: '#5f7ba6',
  sea: '#14294a',
  land: '#3a5680',
  border: '#14294a',
  graticule: '#1f3a63',
  frame: '#9db8e0',
  text: '#ffffff',
  softText: '#d3e0f5',
  route: '#ffb81c',
  routeQuiet: '#93804a',
  badge: '#ffb81c',
  badgeText: '#0e1b30',
  label: '#0e1b30',
  cell: '#1b3257',
  bubble: '#d3e0f5',
  bubbleText: '#0e1b30',
  chosen: '#ffb81c',
  chosenText: '#0e1b30',
  chosenBadge: '#0e1b30',
  chosenBadgeText: '#ffffff',
} as const;

/** Pairs of text and background that appear; each has at least the contrast WCAG AA asks of text, 4.5. */
export const TEXT_PAIRS: readonly (readonly [text: string, background: string])[] = [
  [COLOUR.text, COLOUR.card],
  [COLOUR.softText, COLOUR.card],
  [COLOUR.route, COLOUR.card],
  [COLOUR.route, COLOUR.label],
  [COLOUR.text, COLOUR.label],
  [COLOUR.softText, COLOUR.label],
  [COLOUR.badgeText, COLOUR.badge],
  [COLOUR.text, COLOUR.cell],
  [COLOUR.softText, COLOUR.cell],
  [COLOUR.bubbleText, COLOUR.bubble],
  [COLOUR.chosenText, COLOUR.chosen],
  [COLOUR.chosenBadgeText, COLOUR.chosenBadge],
];

/**
 * Type sizes in pixels of the picture, which is 1200 wide: a phone shows it about 420 wide, so that 28
 * becomes about 10 there.
 */
export const TYPE = { title: 46, name: 30, day: 36, body: 28 } as const;

export const CARD_WIDTH = 1200;
export const MARGIN = 24;

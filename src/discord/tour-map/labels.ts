/** Where the labels of a map go: near their points, clear of each other. */

/** Rectangle in pixels; `x` and `y` are its upper left corner. */
export interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

export interface Point {
  readonly x: number;
  readonly y: number;
}

export interface LabelRequest {
  readonly anchor: Point;
  readonly width: number;
  readonly height: number;
}

export interface LabelOptions {
  readonly labels: readonly LabelRequest[];
  readonly bounds: Box;
  /**
   * Distance between a label and its anchor, in pixels. Every anchor is at least 0.7 of it away, and every other
   * label at least half of it.
   */
  readonly gap: number;
  /** Points that labels should avoid, such as those along a route. */
  readonly avoid: readonly Point[];
  /** Room that is taken; no label may overlap it. */
  readonly taken?: readonly Box[];
}

interface Candidate {
  readonly box: Box;
  /** Cost of the place, without regard to the other labels. */
  readonly cost: number;
}

/** Rounds in which each label is placed again, given the others. A map has few labels, so few rounds suffice. */
const ROUNDS = 3;
const DISTANCES = [0, 12, 28, 48, 76] as const;
const DIRECTIONS = 24;
/** Step of the grid that is searched where there is no room nearby, in pixels. */
const STEP = 16;
const LEAST_SHARE = 0.7;
const COVERED_POINT = 6;
const CROSSING = 400;
/** A label closer than this to another label's anchor could be mistaken for that one's. In pixels. */
const OWN_ROOM = 48;
const MISSING = 100_000;

export function overlaps(a: Box, b: Box, gap = 0): boolean {
  return (
    a.x < b.x + b.width + gap &&
    b.x < a.x + a.width + gap &&
    a.y < b.y + b.height + gap &&
    b.y < a.y + a.height + gap
  );
}

/** The point of the box that is nearest to a point: the end of the line from an anchor. */
export function nearestPoint(box: Box, point: Point): Point {
  return {
    x: Math.min(Math.max(point.x, box.x), box.x + box.width),
    y: Math.min(Math.max(point.y, box.y), box.y + box.height),
  };
}

export function distanceTo(box: Box, point: Point): number {
  const dx = Math.max(box.x - point.x, 0, point.x - box.x - box.width);
  const dy = Math.max(box.y - point.y, 0, point.y - box.y - box.height);
  return Math.sqrt(dx * dx + dy * dy);
}

export function isInside(point: Point, box: Box, inset = 0): boolean {
  return (
    point.x >= box.x + inset &&
    point.x <= box.x + box.width - inset &&
    point.y >= box.y + inset &&
    point.y <= box.y + box.height - inset
  );
}

function isWithin(box: Box, bounds: Box): boolean {
  return (
    box.x >= bounds.x &&
    box.y >= bounds.y &&
    box.x + box.width <= bounds.x + bounds.width &&
    box.y + box.height <= bounds.y + bounds.height
  );
}

/** Boxes in all directions from the anchor, at several distances. */
function around({ anchor, width, height }: LabelRequest, gap: number): Box[] {
  return DISTANCES.flatMap((further) =>
    Array.from({ length: DIRECTIONS }, (_, step) => {
      const angle = (step / DIRECTIONS) * 2 * Math.PI;
      const reach = gap + further;
      const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
      // The side or the corner of the box that faces the anchor is `reach` away.
      const x = anchor.x + cos * reach + (cos - 1) * (width / 2);
      const y = anchor.y + sin * reach + (sin - 1) * (height / 2);
      return { x, y, width, height };
    }),
  );
}

function anywhere({ width, height }: LabelRequest, bounds: Box): Box[] {
  const boxes: Box[] = [];
  for (let y = bounds.y; y + height <= bounds.y + bounds.height; y += STEP) {
    for (let x = bounds.x; x + width <= bounds.x + bounds.width; x += STEP) {
      boxes.push({ x, y, width, height });
    }
  }
  return boxes;
}

/** Shares of the way from `from` to `to` at which a line enters and leaves the range `low` to `high`. */
function crossing(from: number, to: number, low: number, high: number): [number, number] {
  if (from === to) return from > low && from < high ? [0, 1] : [1, 0];
  const [a, b] = [(low - from) / (to - from), (high - from) / (to - from)];
  return [Math.max(0, Math.min(a, b)), Math.min(1, Math.max(a, b))];
}

/** Whether the line from an anchor to its own box runs through another box. */
function lineCrosses(anchor: Point, own: Box, other: Box): boolean {
  const end = nearestPoint(own, anchor);
  const [enterX, leaveX] = crossing(anchor.x, end.x, other.x - 4, other.x + other.width + 4);
  const [enterY, leaveY] = crossing(anchor.y, end.y, other.y - 4, other.y + other.height + 4);
  return Math.max(enterX, enterY) < Math.min(leaveX, leaveY);
}

/** The boxes that keep away from anchors and taken room, the cheapest first. */
function candidatesOf(
  boxes: readonly Box[],
  { anchor }: LabelRequest,
  { labels, bounds, gap, avoid, taken = [] }: LabelOptions,
): Candidate[] {
  return boxes
    .filter(
      (box) =>
        isWithin(box, bounds) &&
        !taken.some((other) => overlaps(box, other, gap / 2)) &&
        labels.every((other) => distanceTo(box, other.anchor) >= gap * LEAST_SHARE),
    )
    .map((box) => {
      const covered = avoid.filter((point) => distanceTo(box, point) < 6).length;
      const doubtful = labels.reduce(
        (sum, other) =>
          other.anchor === anchor
            ? sum
            : sum + Math.max(0, OWN_ROOM - distanceTo(box, other.anchor)),
        0,
      );
      const away = distanceTo(box, anchor);
      // Long lines are worse than in proportion: the eye loses them.
      const cost = away + (away * away) / 60 + doubtful + covered * COVERED_POINT;
      return { box, cost };
    })
    .sort((a, b) => a.cost - b.cost);
}

interface Layout {
  readonly boxes: readonly (Box | null)[];
  readonly cost: number;
}

/** Places the labels one after the other, in the given order, in several rounds. */
function settle(
  order: readonly number[],
  options: LabelOptions,
  near: readonly (readonly Candidate[])[],
  far: (index: number) => readonly Candidate[],
): Layout {
  const { labels, gap } = options;
  const placed: (Candidate | null)[] = labels.map(() => null);
  const costAmong = (candidate: Candidate, index: number): number => {
    let cost = candidate.cost;
    for (const [otherIndex, other] of placed.entries()) {
      if (otherIndex === index || other === null) continue;
      if (overlaps(candidate.box, other.box, gap / 2)) return Infinity;
      const [mine, its] = [labels[index]?.anchor, labels[otherIndex]?.anchor];
      if (mine !== undefined && lineCrosses(mine, candidate.box, other.box)) cost += CROSSING;
      if (its !== undefined && lineCrosses(its, other.box, candidate.box)) cost += CROSSING;
    }
    return cost;
  };
  const cheapest = (candidates: readonly Candidate[], index: number): Candidate | null => {
    let best: Candidate | null = null;
    let bestCost = Infinity;
    for (const candidate of candidates) {
      // Candidates are sorted by their own cost, which other labels can only raise.
      if (candidate.cost >= bestCost) break;
      const cost = costAmong(candidate, index);
      if (cost < bestCost) [best, bestCost] = [candidate, cost];
    }
    return best;
  };
  for (let round = 0; round < ROUNDS; round++) {
    for (const index of order) {
      placed[index] = cheapest(near[index] ?? [], index) ?? cheapest(far(index), index);
    }
  }
  const cost = placed.reduce(
    (sum, candidate, index) => sum + (candidate === null ? MISSING : costAmong(candidate, index)),
    0,
  );
  return { boxes: placed.map((candidate) => candidate?.box ?? null), cost };
}

/** Orders to try. The label that is placed first gets the best place, so the order matters. */
function ordersOf(labels: readonly LabelRequest[]): number[][] {
  const indices = labels.map((_, index) => index);
  const by = (key: (label: LabelRequest) => number): number[] =>
    [...indices].sort((a, b) => {
      const [first, second] = [labels[a], labels[b]];
      return first === undefined || second === undefined ? 0 : key(first) - key(second);
    });
  const orders = [
    by((label) => -label.width * label.height),
    by((label) => label.anchor.x),
    by((label) => label.anchor.y),
    indices,
  ];
  const turned = orders.flatMap((order) =>
    order.map((_, by) => [...order.slice(by), ...order.slice(0, by)]),
  );
  return turned.flatMap((order) => [order, order.toReversed()]);
}

/**
 * Places each label near its anchor. Placed labels are inside the bounds and never overlap each other or any anchor;
 * a label without room gets null. The same options always give the same places.
 */
export function placeLabels(options: LabelOptions): (Box | null)[] {
  const { labels, bounds, gap } = options;
  const near = labels.map((label) => candidatesOf(around(label, gap), label, options));
  const farFound = new Map<number, readonly Candidate[]>();
  const far = (index: number): readonly Candidate[] => {
    const label = labels[index];
    if (label === undefined) return [];
    const found = farFound.get(index) ?? candidatesOf(anywhere(label, bounds), label, options);
    farFound.set(index, found);
    return found;
  };
  let best: Layout = { boxes: [], cost: Infinity };
  for (const order of ordersOf(labels)) {
    const layout = settle(order, options, near, far);
    if (layout.cost < best.cost) best = layout;
  }
  return [...best.boxes];
}

interface Colour {
  readonly rgb: readonly [number, number, number];
  readonly pixels: number;
}

/**
 * At most `size` colours that stand for those of a picture, by median cut: the box with the widest spread of the
 * most pixels is halved until there are enough.
 *
 * @param counts pixels by colour, a colour as `red << 16 | green << 8 | blue`
 * @returns the palette in the same form, and the place in it of each colour
 */
export function paletteOf(
  counts: ReadonlyMap<number, number>,
  size: number,
): { readonly palette: number[]; readonly places: ReadonlyMap<number, number> } {
  const colours = [...counts].map(([colour, pixels]): Colour => ({
    rgb: [colour >> 16, (colour >> 8) & 255, colour & 255],
    pixels,
  }));
  const boxes = [boxOf(colours)];
  while (boxes.length < size) {
    const widest = boxes.reduce((most, box) => (box.worth > most.worth ? box : most));
    if (widest.worth === 0) break;
    const [lower, upper] = halves(widest);
    boxes.splice(boxes.indexOf(widest), 1, boxOf(lower), boxOf(upper));
  }
  const palette: number[] = [];
  const places = new Map<number, number>();
  for (const box of boxes) {
    for (const { rgb } of box.colours) places.set(packed(rgb), palette.length);
    palette.push(meanOf(box.colours));
  }
  return { palette, places };
}

interface Box {
  readonly colours: readonly Colour[];
  /** Channel with the widest spread. */
  readonly channel: 0 | 1 | 2;
  readonly worth: number;
}

function boxOf(colours: readonly Colour[]): Box {
  const spread = (channel: 0 | 1 | 2): number => {
    const values = colours.map(({ rgb }) => rgb[channel]);
    return values.reduce((a, b) => Math.max(a, b), 0) - values.reduce((a, b) => Math.min(a, b));
  };
  const channel = ([0, 1, 2] as const).reduce((a, b) => (spread(b) > spread(a) ? b : a));
  const pixels = colours.reduce((sum, colour) => sum + colour.pixels, 0);
  // The root keeps the large plain areas from taking the whole palette.
  return { colours, channel, worth: spread(channel) ** 2 * Math.sqrt(pixels) };
}

function halves({ colours, channel }: Box): [Colour[], Colour[]] {
  const sorted = [...colours].sort((a, b) => a.rgb[channel] - b.rgb[channel]);
  const lowest = sorted[0]?.rgb[channel] ?? 0;
  const highest = sorted.at(-1)?.rgb[channel] ?? 0;
  const middle = (lowest + highest) / 2;
  const at = sorted.findIndex(({ rgb }) => rgb[channel] > middle);
  return [sorted.slice(0, at), sorted.slice(at)];
}

/** The colour of the most pixels where one rules, so that plain areas keep theirs exactly; else the mean. */
function meanOf(colours: readonly Colour[]): number {
  const pixels = colours.reduce((sum, colour) => sum + colour.pixels, 0);
  const ruling = colours.reduce((a, b) => (b.pixels > a.pixels ? b : a));
  if (ruling.pixels > pixels / 2) return packed(ruling.rgb);
  const mean = ([0, 1, 2] as const).map((channel) =>
    Math.round(colours.reduce((sum, { rgb, pixels: n }) => sum + rgb[channel] * n, 0) / pixels),
  );
  return packed([mean[0] ?? 0, mean[1] ?? 0, mean[2] ?? 0]);
}

function packed([red, green, blue]: readonly [number, number, number]): number {
  return (red << 16) | (green << 8) | blue;
}

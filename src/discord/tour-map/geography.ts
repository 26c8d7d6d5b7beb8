import { createRequire } from 'node:module';
import { feature, mesh } from 'topojson-client';
import type { GeometryCollection, Topology } from 'topojson-specification';

/** What d3-geo draws, by the projection given to it. */
type Feature = ReturnType<typeof feature>;
type Mesh = ReturnType<typeof mesh>;

export interface Geography {
  /** Coarse, for the globe. */
  readonly coarseLand: Feature;
  /** Fine, for the enlarged region. */
  readonly fineLand: Feature;
  readonly fineBorders: Mesh;
}

type Atlas = Topology<{ countries: GeometryCollection; land: GeometryCollection }>;

let loaded: Geography | null = null;

/** Shapes of the world, read from the package once and kept. */
export function worldGeography(): Geography {
  if (loaded !== null) return loaded;
  const require = createRequire(import.meta.url);
  const coarse = require('world-atlas/countries-110m.json') as Atlas;
  const fine = require('world-atlas/countries-50m.json') as Atlas;
  loaded = {
    coarseLand: feature(coarse, coarse.objects.land),
    fineLand: feature(fine, fine.objects.land),
    fineBorders: mesh(fine, fine.objects.countries, (a, b) => a !== b),
  };
  return loaded;
}

/** The steps of a build, in order. */
export const BUILD_STEPS = [
  'lock',
  'clean',
  'read',
  'split',
  'search',
  'compare',
  'embed',
  'graph',
  'write',
  'verify',
  'name',
  'publish',
  'prune',
] as const;

export type BuildStep = (typeof BUILD_STEPS)[number];

/** How far a step is; it has ended when `done` equals `total`. */
export interface BuildProgress {
  readonly step: BuildStep;
  readonly done: number;
  readonly total: number;
}

export type OnBuildProgress = (progress: BuildProgress) => void;

/** kernels.wat, compiled: `wat2wasm` of https://github.com/WebAssembly/wabt gives these bytes. */
const MODULE = new WebAssembly.Module(
  Buffer.from(
    'AGFzbQEAAAABFwNgBH9/f38AYAV/f399fwBgA39/fQF/AwQDAAECBQMBAAEHHwQGbWVtb3J5AgAEZG90cwAAA2FkZAABBWFib3ZlAAIK1AMDjQIC' +
      'AX8EewJAA0AgAUUNAf0MAAAAAAAAAAAAAAAAAAAAACEF/QwAAAAAAAAAAAAAAAAAAAAAIQZBACEEA0AgACAEav0ABAAhByAH/YcBIQggBSAI/acB' +
      '/foBIARBAnT9AAQA/eYB/eQBIQUgBiAI/agB/foBIARBAnT9AAQQ/eYB/eQBIQYgB/2IASEIIAUgCP2nAf36ASAEQQJ0/QAEIP3mAf3kASEFIAYg' +
      'CP2oAf36ASAEQQJ0/QAEMP3mAf3kASEGIARBEGoiBCACSQ0ACyAFIAb95AEhBSADIAX9HwAgBf0fAZIgBf0fAiAF/R8DkpI4AgAgACACaiEAIANB' +
      'BGohAyABQQFrIQEMAAsLC0kBAn8gASACaiEGAkADQCABIAZPDQEgBCAAKAIAQQJ0aiEFIAUgBSoCACADIAEtAACzlJI4AgAgAEEEaiEAIAFBAWoh' +
      'AQwACwsLeQEBeyAC/RMhAwJAA0AgAEHAAGogAUsNASAA/QAEACAD/UQgAP0ABBAgA/1E/VAgAP0ABCAgA/1EIAD9AAQwIAP9RP1Q/VD9Uw0BIABB' +
      'wABqIQAMAAsLAkADQCAAIAFPDQEgACoCACACXg0BIABBBGohAAwACwsgAAs=',
    'base64',
  ),
);

const PAGE_BYTES = 65_536;

/** See kernels.wat. */
export interface Kernels {
  readonly buffer: ArrayBuffer;
  readonly dots: (rows: number, count: number, dimensions: number, results: number) => void;
  readonly add: (
    ordinals: number,
    impacts: number,
    count: number,
    factor: number,
    scores: number,
  ) => void;
  readonly above: (from: number, end: number, least: number) => number;
}

/** The kernels with a memory of their own. */
export function openKernels(bytes: number): Kernels {
  const { memory, dots, add, above } = new WebAssembly.Instance(MODULE).exports as unknown as Omit<
    Kernels,
    'buffer'
  > & {
    readonly memory: { readonly buffer: ArrayBuffer; grow(pages: number): void };
  };
  const missing = Math.ceil(bytes / PAGE_BYTES) - 1;
  if (missing > 0) memory.grow(missing);
  return { buffer: memory.buffer, dots, add, above };
}

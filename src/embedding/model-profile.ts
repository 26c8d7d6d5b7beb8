/**
 * What a model wants from its caller beyond its files: which revision was tried, which words go before a question or
 * a passage, and how token vectors become one. Getting any of them wrong costs accuracy without an error.
 */
export interface ModelProfile {
  /** Commit of the model's repository on the hub; `main` floats and is used only for models not listed here. */
  readonly revision: string;
  readonly questionPrefix: string;
  readonly passagePrefix: string;
  readonly pooling: 'mean' | 'cls';
}

const PLAIN: ModelProfile = {
  revision: 'main',
  questionPrefix: '',
  passagePrefix: '',
  pooling: 'mean',
};

/** https://huggingface.co/intfloat/multilingual-e5-small: "query: " and "passage: " were there in its training. */
const E5: ModelProfile = { ...PLAIN, questionPrefix: 'query: ', passagePrefix: 'passage: ' };

/** https://huggingface.co/BAAI/bge-small-en-v1.5: an instruction for the question only, vector of the first token. */
const BGE: ModelProfile = {
  ...PLAIN,
  questionPrefix: 'Represent this sentence for searching relevant passages: ',
  pooling: 'cls',
};

const PINNED = new Map<string, ModelProfile>([
  // Fine-tuned from multilingual-e5-small (tools/model).
  ['bundled', E5],
  ['Xenova/all-MiniLM-L6-v2', { ...PLAIN, revision: '751bff37182d3f1213fa05d7196b954e230abad9' }],
  ['Xenova/bge-small-en-v1.5', { ...BGE, revision: 'ea104dacec62c0de699686887e3f920caeb4f3e3' }],
  ['Xenova/multilingual-e5-small', { ...E5, revision: '761b726dd34fb83930e26aab4e9ac3899aa1fa78' }],
]);

/** Profile of a model by its name in the settings; relatives of the listed families get their family's prefixes. */
export function profileOf(model: string): ModelProfile {
  const pinned = PINNED.get(model);
  if (pinned !== undefined) return pinned;
  const name = model.split(/[\\/]/).at(-1) ?? model;
  if (/(^|[-_])e5([-_]|$)/i.test(name)) return E5;
  if (/^bge-.*-en/i.test(name)) return BGE;
  return PLAIN;
}

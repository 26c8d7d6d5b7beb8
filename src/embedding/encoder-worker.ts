import { DragomanError } from '../errors.ts';
import {
  toSentError,
  type ModelToOpen,
  type OpenedModel,
  type WorkerMessage,
  type WorkerRequest,
} from './encoder-process.ts';
import { Encoder } from './encoder.ts';
import { digestOf, loadModel, readModelFile } from './load-model.ts';

/**
 * Entry of the process that runs the model. It lives as long as its parent and ignores signals to the whole process group
 * (Ctrl-C in a terminal, a stopping service), because the parent may still be answering.
 */
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => undefined);
process.on('disconnect', () => process.exit());

// The library prints its errors before it throws them, with the tokens of the user's question.
console.warn = console.error = () => undefined;

let encoder: Encoder | null = null;

process.on('message', (message) => {
  const request = message as WorkerRequest;
  answer(request).then(send, (error: unknown) => {
    send({ kind: 'failed', id: request.id, error: toSentError(error) });
  });
});

async function answer(request: WorkerRequest): Promise<WorkerMessage> {
  const { id } = request;
  if (request.kind === 'open') return { kind: 'opened', id, opened: await open(request.open) };
  if (encoder === null) throw new Error('Expected an open model, found none.');
  const vectors =
    request.kind === 'question'
      ? await encoder.question(request.text)
      : await encoder.passage(request.passage);
  return { kind: 'vectors', id, vectors };
}

async function open({ model, location, profile }: ModelToOpen): Promise<OpenedModel> {
  if (location.kind === 'folder') await readModelFile(location.folder, 'config.json');
  const loaded = await loadModel(location, (progress) => send({ kind: 'progress', progress }));
  const digest = await digestOf(location, profile);
  const dimensions = dimensionsOf(await readModelFile(location.folder, 'config.json'), model);
  encoder = new Encoder(loaded, profile, { model, dimensions });
  // A first run now warms the model up and reveals a mismatch before anything depends on it.
  await encoder.question('Who?');
  return { digest, dimensions };
}

function dimensionsOf(config: Buffer, model: string): number {
  const { hidden_size: size } = JSON.parse(config.toString('utf8')) as { hidden_size?: unknown };
  if (typeof size === 'number') return size;
  throw new DragomanError('MODEL', `The config.json of the model ${model} has no hidden_size.`, {
    hint: 'Choose a sentence encoder of the BERT family, or "bundled".',
  });
}

function send(message: WorkerMessage): void {
  // The parent may have ended.
  if (process.connected) process.send?.(message, undefined, undefined, () => undefined);
}

import type { UploadForm } from './api.ts';
import { Problem } from './problem.ts';
import { storageProblem } from './words.ts';

/**
 * Sends a file with its form, straight to the storage. `fetch` cannot tell how far an upload is; XMLHttpRequest can.
 *
 * @param onProgress is told the part that was sent, from 0 to 1
 * @throws Problem, or the signal's reason
 */
export async function postFile(
  { url, fields }: UploadForm,
  file: File,
  signal: AbortSignal,
  onProgress: (part: number) => void,
): Promise<void> {
  // A browser calls it a lost connection when a file is changed or gone; reading from it tells.
  await file
    .slice(0, 1)
    .arrayBuffer()
    .catch(() => {
      throw new Problem('input', 'The file has changed since you chose it. Choose it again.', 'file');
    });
  const form = new FormData();
  for (const [name, value] of Object.entries(fields)) form.append(name, value);
  // What comes after the file, S3 does not read.
  form.append('file', file);
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    const abort = (): void => request.abort();
    signal.addEventListener('abort', abort, { once: true });
    request.upload.addEventListener('progress', ({ loaded, total }) =>
      onProgress(total === 0 ? 1 : loaded / total),
    );
    request.addEventListener('load', () => {
      const { status, responseText } = request;
      if (status >= 200 && status < 300) resolve();
      else reject(storageProblem(status, responseText));
    });
    request.addEventListener('abort', () => reject(signal.reason));
    request.addEventListener('error', () =>
      reject(new Problem('connection', 'The connection was lost while the file was sent. Try again.')),
    );
    request.addEventListener('loadend', () => signal.removeEventListener('abort', abort));
    signal.throwIfAborted();
    request.open('POST', url);
    request.send(form);
  });
}

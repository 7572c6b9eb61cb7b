import type { UploadForm } from './api.ts';
import { Problem } from './problem.ts';
import { storageProblem } from './words.ts';

/**
 * Sends a file with its form directly to S3. It uses XMLHttpRequest, as `fetch` does not report the progress of an upload.
 *
 * @param onProgress - is called with the fraction that was sent, from 0 to 1
 * @throws Problem, or the signal's reason
 */
export async function postFile(
  { url, fields }: UploadForm,
  file: File,
  signal: AbortSignal,
  onProgress: (part: number) => void,
): Promise<void> {
  // When a file was changed or deleted, a browser reports a lost connection. Reading from the file tells the difference.
  await file
    .slice(0, 1)
    .arrayBuffer()
    .catch(() => {
      throw new Problem('input', 'The file has changed since you chose it. Choose it again.', 'file');
    });
  const form = new FormData();
  for (const [name, value] of Object.entries(fields)) form.append(name, value);
  // The file is last: S3 ignores the fields after it.
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
      reject(new Problem('connection', 'The connection was lost while the file was being sent. Try again.')),
    );
    request.addEventListener('loadend', () => signal.removeEventListener('abort', abort));
    signal.throwIfAborted();
    request.open('POST', url);
    request.send(form);
  });
}

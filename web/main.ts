import { announce, stateOf } from './api.ts';
import { checkInput } from './check.ts';
import { follow } from './follow.ts';
import { persist } from './patience.ts';
import { Problem } from './problem.ts';
import { openSession } from './session.ts';
import { readSettings } from './settings.ts';
import { postFile } from './upload.ts';
import * as view from './view.ts';
import { limitsInWords } from './words.ts';

const settings = readSettings();
const session = openSession();
const { parts } = view;
const LINK_IS_FRESH_MS = 30_000;

let chosen: File | undefined;
let running = new AbortController();
/** The action of the button `Try again`. */
let again: () => void = showForm;
let linkFrom = 0;
/** The id of an upload in progress that needs a new token before the page can ask for its state. */
let resumable: string | undefined;

function showForm(): void {
  const needsToken = settings.authorization === 'JWT' && session.token() === undefined;
  view.showForm(limitsInWords(settings.maxSize, settings.contentTypes), needsToken);
}

/** Runs `work`, after it has stopped the work before it, and shows a problem that `work` throws. */
async function run(fileName: string, work: (signal: AbortSignal) => Promise<void>): Promise<void> {
  running.abort();
  running = new AbortController();
  const { signal } = running;
  try {
    await work(signal);
  } catch (error) {
    if (signal.aborted) return;
    const problem =
      error instanceof Problem ? error : new Problem('fatal', `This page has an error: ${error}`);
    if (problem.kind === 'signIn') {
      session.setToken(undefined);
      resumable = session.upload();
    }
    if (problem.field === undefined || (problem.field === 'token' && settings.authorization !== 'JWT')) {
      view.showFailure(fileName, problem);
    } else {
      showForm();
      view.showWrong(problem.field, problem.message);
    }
  }
}

function showPause(problem: Problem | undefined): void {
  const next = navigator.onLine
    ? 'This page keeps trying.'
    : 'This page continues when you are online again.';
  const connection = navigator.onLine ? 'The connection is unstable.' : 'You are offline.';
  const reason = problem?.kind === 'busy' ? 'The service has a temporary problem.' : connection;
  view.showInterruption(problem && `${reason} ${next}`);
}

function send(): void {
  view.showWrong();
  if (!parts.token.parentElement?.hidden && parts.token.value.trim() !== '') {
    session.setToken(parts.token.value.trim());
    parts.token.value = '';
  }
  if (resumable !== undefined && session.token() !== undefined) {
    watch(resumable, undefined);
    return;
  }
  const text = parts.text.value;
  again = send;
  void run(chosen?.name ?? '', async (signal) => {
    if (settings.authorization === 'JWT' && session.token() === undefined) {
      throw new Problem('input', 'Enter your access token.', 'token');
    }
    const file = checkInput(chosen, text, settings);
    session.setUpload(undefined);
    view.showSending(file.name, 0);
    const form = await persist(() => announce(file, text, session.token(), signal), signal, showPause);
    session.setUpload(form.id);
    const onProgress = (sent: number): void => view.showSending(file.name, sent);
    await persist(() => postFile(form, file, signal, onProgress), signal, showPause);
    await followUpload(form.id, file.name, Date.now(), signal);
  });
}

function watch(id: string, sentAt: number | undefined): void {
  resumable = undefined;
  view.showState('', { status: 'asked' });
  void run('', (signal) => followUpload(id, '', sentAt, signal));
}

async function followUpload(
  id: string,
  fileName: string,
  sentAt: number | undefined,
  signal: AbortSignal,
): Promise<void> {
  again = () => watch(id, sentAt);
  if (sentAt !== undefined) view.showState(fileName, { status: 'waiting' });
  await follow(id, session.token(), sentAt, signal, {
    onPause: showPause,
    onState: ({ status, file_name, error, output_url }) => {
      linkFrom = Date.now();
      // The file that is still in the form can be sent again, as a new upload.
      const canSend = chosen !== undefined && (status === 'failed' || status === 'expired');
      if (canSend) again = send;
      view.showState(file_name, { status, error, url: output_url, canSend });
    },
  });
}

function choose(file: File | undefined): void {
  chosen = file;
  resumable = undefined;
  view.showChosen(file);
  view.showWrong();
}

function sendAnother(): void {
  running.abort();
  session.setUpload(undefined);
  parts.file.value = '';
  choose(undefined);
  showForm();
  parts.file.focus();
}

/** Forgets the upload and all input, and shows the form. The token stays: the API has accepted it. */
function startOver(): void {
  parts.form.reset();
  sendAnother();
}

/** Opens the result. A link expires soon, so the page asks for a new one when its link is old. */
async function openResult(event: MouseEvent): Promise<void> {
  const id = session.upload();
  if (id === undefined || Date.now() - linkFrom < LINK_IS_FRESH_MS) return;
  event.preventDefault();
  await run('', async (signal) => {
    const { output_url } = await stateOf(id, session.token(), signal);
    if (output_url !== undefined) location.assign(output_url);
  });
}

function listen(): void {
  parts.form.addEventListener('submit', (event) => {
    event.preventDefault();
    send();
  });
  parts.file.addEventListener('change', () => choose(parts.file.files?.[0]));
  parts.retry.addEventListener('click', () => again());
  parts.another.addEventListener('click', sendAnother);
  parts.startOver.addEventListener('click', startOver);
  parts.cancel.addEventListener('click', () => {
    running.abort();
    session.setUpload(undefined);
    showForm();
    parts.file.focus();
  });
  parts.result.addEventListener('click', (event) => void openResult(event));
  // On the whole page: a browser opens a file that is dropped beside the box, in place of the page.
  addEventListener('dragover', (event) => {
    event.preventDefault();
    parts.drop.classList.add('over');
  });
  addEventListener('dragleave', () => parts.drop.classList.remove('over'));
  addEventListener('drop', (event) => {
    event.preventDefault();
    parts.drop.classList.remove('over');
    if (!parts.form.hidden) drop(event.dataTransfer);
  });
  addEventListener('hashchange', () => location.reload());
}

function drop(transfer: DataTransfer | null): void {
  const [file, ...others] = transfer?.files ?? [];
  if (!file) return;
  if (others.length > 0) view.showWrong('file', 'Drop one file at a time.');
  else if (transfer?.items[0]?.webkitGetAsEntry()?.isDirectory) {
    view.showWrong('file', 'This is a folder. Drop a single file, for example a ZIP archive.');
  } else choose(file);
}

if (settings.authorization === 'IAM') {
  view.showUnusable(
    'You cannot upload from this page. Only programs that sign their requests with AWS IAM can upload here.',
  );
} else {
  listen();
  const id = session.upload();
  if (id === undefined) showForm();
  else watch(id, undefined);
}

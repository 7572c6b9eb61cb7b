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
/** What `Try again` does. */
let again: () => void = showForm;
let linkFrom = 0;
/** An upload that is on its way, and whose state needs a new token to be asked for. */
let resumable: string | undefined;

function showForm(): void {
  const needsToken = settings.authorization === 'JWT' && session.token() === undefined;
  view.showForm(limitsInWords(settings.maxSize, settings.contentTypes), needsToken);
}

/** Runs one piece of work at a time, and shows what becomes of it. */
async function run(fileName: string, work: (signal: AbortSignal) => Promise<void>): Promise<void> {
  running.abort();
  running = new AbortController();
  const { signal } = running;
  try {
    await work(signal);
  } catch (error) {
    if (signal.aborted) return;
    const problem =
      error instanceof Problem ? error : new Problem('fatal', `This page has a fault: ${error}`);
    if (problem.kind === 'signIn') {
      session.setToken(undefined);
      resumable = session.upload();
    }
    if (problem.field === undefined || (problem.field === 'token' && settings.authorization !== 'JWT')) {
      view.showFailure(fileName, problem.message);
    } else {
      showForm();
      view.showWrong(problem.field, problem.message);
    }
  }
}

function pauseTeller(problem: Problem | undefined): void {
  const goesOn = navigator.onLine ? 'We keep trying.' : 'It goes on by itself when you are online again.';
  const what = navigator.onLine ? 'The connection is not good.' : 'You are offline.';
  view.showInterruption(
    problem && (problem.kind === 'busy' ? `We have a passing fault. ${goesOn}` : `${what} ${goesOn}`),
  );
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
    const form = await persist(() => announce(file, text, session.token(), signal), signal, pauseTeller);
    session.setUpload(form.id);
    const onProgress = (part: number): void => view.showSending(file.name, part);
    await persist(() => postFile(form, file, signal, onProgress), signal, pauseTeller);
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
    onPause: pauseTeller,
    onState: ({ status, file_name, error, output_url }) => {
      linkFrom = Date.now();
      // What is still in the form can be sent once more; it becomes another upload.
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

function startAnew(): void {
  running.abort();
  session.setUpload(undefined);
  parts.file.value = '';
  choose(undefined);
  showForm();
  parts.file.focus();
}

/** A link is short-lived: an old one is asked for anew before the browser follows it. */
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
  parts.another.addEventListener('click', startAnew);
  parts.cancel.addEventListener('click', () => {
    running.abort();
    session.setUpload(undefined);
    showForm();
    parts.file.focus();
  });
  parts.result.addEventListener('click', (event) => void openResult(event));
  // Anywhere on the page: a file that misses the box must not replace the page.
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
    view.showWrong('file', 'This is a folder. Drop a single file, such as a ZIP of it.');
  } else choose(file);
}

if (settings.authorization === 'IAM') {
  view.showUnusable(
    'Uploads are taken here from programs that sign their requests with AWS IAM, not from this page.',
  );
} else {
  listen();
  const id = session.upload();
  if (id === undefined) showForm();
  else watch(id, undefined);
}

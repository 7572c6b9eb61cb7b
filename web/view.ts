import type { FieldName, Problem } from './problem.ts';
import { STATES, sizeInWords } from './words.ts';

const BUTTONS = ['retry', 'cancel', 'another', 'startOver'] as const;
type ButtonName = (typeof BUTTONS)[number];
const FIELDS: readonly FieldName[] = ['token', 'file', 'text'];

function find<T extends HTMLElement>(id: string, kind: new () => T): T {
  const element = document.getElementById(id);
  if (!(element instanceof kind)) throw new Error(`the page has no ${kind.name} ${id}`);
  return element;
}

/** The elements of the page that `main.ts` reads or listens to. */
export const parts = {
  form: find('form', HTMLFormElement),
  token: find('token', HTMLInputElement),
  file: find('file', HTMLInputElement),
  text: find('text', HTMLTextAreaElement),
  drop: find('drop', HTMLElement),
  retry: find('retry', HTMLButtonElement),
  cancel: find('cancel', HTMLButtonElement),
  another: find('another', HTMLButtonElement),
  startOver: find('start-over', HTMLButtonElement),
  result: find('result', HTMLAnchorElement),
};

const tokenField = find('token-field', HTMLElement);
const fileHint = find('file-hint', HTMLElement);
const chosen = find('chosen', HTMLElement);
const journey = find('journey', HTMLElement);
const name = find('name', HTMLElement);
const headline = find('headline', HTMLElement);
const detail = find('detail', HTMLElement);
const progress = find('progress', HTMLProgressElement);
const interruption = find('interruption', HTMLElement);
const steps = find('steps', HTMLElement);
const announcer = find('announcer', HTMLElement);
const unusable = find('unusable', HTMLElement);

/** Shows why the page cannot be used. */
export function showUnusable(why: string): void {
  unusable.textContent = why;
  unusable.hidden = false;
}

/** Shows the form with its limits. */
export function showForm(limits: string, needsToken: boolean): void {
  fileHint.textContent = limits;
  tokenField.hidden = !needsToken;
  parts.form.hidden = false;
  journey.hidden = true;
  document.title = 'Send a file';
}

/** Shows the file that was chosen. */
export function showChosen(file: File | undefined): void {
  chosen.classList.toggle('is-chosen', file !== undefined);
  chosen.textContent = file
    ? `${file.name} (${sizeInWords(file.size)})`
    : 'No file chosen. You can also drop a file here.';
}

/** Shows a message beside its field and moves the focus to the field. Without a field, removes all messages. */
export function showWrong(field?: FieldName, message = ''): void {
  for (const each of FIELDS) {
    const wrong = find(`${each}-wrong`, HTMLElement);
    wrong.textContent = each === field ? message : '';
    wrong.hidden = each !== field;
    parts[each].setAttribute('aria-invalid', String(each === field));
  }
  if (field === undefined) return;
  announcer.textContent = message;
  parts[field].focus();
}

/** Shows the progress of an upload: `sent` is the fraction that was sent, from 0 to 1. */
export function showSending(fileName: string, sent: number): void {
  const percent = Math.floor(sent * 100);
  setJourney(fileName, 'Your file is being sent', '', 0, ['cancel']);
  detail.textContent = `${percent}% sent. Keep this page open.`;
  progress.hidden = false;
  progress.value = sent;
}

/** A state from the API. `error` is the row's text; `canSend` is true while the form still has the file. */
interface Shown {
  readonly status: string;
  readonly error?: string | undefined;
  readonly url?: string | undefined;
  readonly canSend?: boolean;
}

/** Shows a state from the API. */
export function showState(fileName: string, { status, error, url, canSend = false }: Shown): void {
  const words = STATES[status] ?? { headline: 'Your upload is in progress', detail: '', steps: 1 };
  const isOver = status === 'failed' || status === 'expired';
  const isDone = status === 'done';
  const text =
    isDone && url === undefined ? 'Processing finished, but there is no file to download.' : words.detail;
  const buttons: ButtonName[] = isOver || isDone ? ['another'] : [];
  setJourney(fileName, words.headline, error ?? text, words.steps, canSend ? ['retry', ...buttons] : buttons);
  journey.classList.toggle('failed', isOver);
  journey.classList.toggle('done', isDone);
  steps.hidden = isOver;
  parts.result.hidden = url === undefined;
  if (url !== undefined) parts.result.href = url;
}

/** Shows a problem that the form's fields cannot solve. */
export function showFailure(fileName: string, { kind, message }: Problem): void {
  if (kind === 'unknown') setJourney('', 'Upload not found', message, 0, ['startOver']);
  else setJourney(fileName, 'Something went wrong', message, 0, ['retry', 'another']);
  journey.classList.add('failed');
  steps.hidden = true;
}

/** Shows why the page waits. It continues without the user; `undefined` removes the message. */
export function showInterruption(why: string | undefined): void {
  interruption.hidden = why === undefined;
  interruption.textContent = why ?? '';
  if (why !== undefined) announcer.textContent = why;
}

function setJourney(
  fileName: string,
  headlineText: string,
  detailText: string,
  past: number,
  buttons: readonly ButtonName[],
): void {
  const isNew = headline.textContent !== headlineText || journey.hidden;
  parts.form.hidden = true;
  journey.hidden = false;
  journey.classList.remove('failed', 'done');
  progress.hidden = true;
  interruption.hidden = true;
  steps.hidden = false;
  parts.result.hidden = true;
  name.textContent = fileName;
  name.hidden = fileName === '';
  detail.textContent = detailText;
  for (const button of BUTTONS) parts[button].hidden = !buttons.includes(button);
  for (const [index, step] of [...steps.children].entries()) {
    step.classList.toggle('past', index < past);
    if (index === past) step.setAttribute('aria-current', 'step');
    else step.removeAttribute('aria-current');
  }
  if (!isNew) return;
  headline.textContent = headlineText;
  document.title = headlineText;
  announcer.textContent = `${headlineText}. ${detailText}`;
  // The button that had the focus can be hidden now.
  if (document.activeElement === document.body || document.activeElement === null) headline.focus();
}

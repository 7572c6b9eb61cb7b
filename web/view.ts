import type { FieldName } from './problem.ts';
import { STATES, sizeInWords } from './words.ts';

const BUTTONS = ['retry', 'cancel', 'another'] as const;
type ButtonName = (typeof BUTTONS)[number];
const FIELDS: readonly FieldName[] = ['token', 'file', 'text'];

function find<T extends HTMLElement>(id: string, kind: new () => T): T {
  const element = document.getElementById(id);
  if (!(element instanceof kind)) throw new Error(`the page has no ${kind.name} ${id}`);
  return element;
}

/** The page's parts that code listens to. */
export const parts = {
  form: find('form', HTMLFormElement),
  token: find('token', HTMLInputElement),
  file: find('file', HTMLInputElement),
  text: find('text', HTMLTextAreaElement),
  drop: find('drop', HTMLElement),
  retry: find('retry', HTMLButtonElement),
  cancel: find('cancel', HTMLButtonElement),
  another: find('another', HTMLButtonElement),
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

/** Says that the page cannot be used, and why. */
export function showUnusable(why: string): void {
  unusable.textContent = why;
  unusable.hidden = false;
}

/** Shows the form, with what it takes. */
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
    : 'No file chosen yet. You can also drop one here.';
}

/** Puts what is wrong beside its field, and the cursor into it; with no field, takes all of it away. */
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

/** Shows how far the sending is, from 0 to 1. */
export function showSending(fileName: string, part: number): void {
  const percent = Math.floor(part * 100);
  setJourney(fileName, 'Your file is being sent', '', 0, ['cancel']);
  detail.textContent = `${percent}% sent. Keep this page open.`;
  progress.hidden = false;
  progress.value = part;
}

/** A state of the API's: `error` is what the row says, `canSend` whether the file is still at hand. */
interface Shown {
  readonly status: string;
  readonly error?: string | undefined;
  readonly url?: string | undefined;
  readonly canSend?: boolean;
}

/** Shows a state of the API's. */
export function showState(fileName: string, { status, error, url, canSend = false }: Shown): void {
  const words = STATES[status] ?? { headline: 'Your file is on its way', detail: '', steps: 1 };
  const isOver = status === 'failed' || status === 'expired';
  const isDone = status === 'done';
  const text =
    isDone && url === undefined ? 'The work is done, but it left no file to download.' : words.detail;
  const buttons: ButtonName[] = isOver || isDone ? ['another'] : [];
  setJourney(fileName, words.headline, error ?? text, words.steps, canSend ? ['retry', ...buttons] : buttons);
  journey.classList.toggle('failed', isOver);
  journey.classList.toggle('done', isDone);
  steps.hidden = isOver;
  parts.result.hidden = url === undefined;
  if (url !== undefined) parts.result.href = url;
}

/** Shows that it did not work, and why. */
export function showFailure(fileName: string, why: string): void {
  setJourney(fileName, 'It did not work', why, 0, ['retry', 'another']);
  journey.classList.add('failed');
  steps.hidden = true;
}

/** Says that it goes on by itself once something passes, or that it goes on now. */
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
  // The button that had the focus may be gone.
  if (document.activeElement === document.body || document.activeElement === null) headline.focus();
}

import { Problem } from './problem.ts';
import type { PageSettings } from './settings.ts';
import { sizeInWords, wrongTypeInWords } from './words.ts';

/** Returns the file after the checks that need no API call. Throws a Problem with the field. */
export function checkInput(file: File | undefined, text: string, settings: PageSettings): File {
  const { maxSize, maxTextBytes, contentTypes } = settings;
  const wrong = (field: 'file' | 'text', message: string) => new Problem('input', message, field);
  if (!file) throw wrong('file', 'Choose a file.');
  if (file.size > maxSize) {
    const size = sizeInWords(file.size);
    throw wrong('file', `The file is too large: ${size}. The maximum is ${sizeInWords(maxSize)}.`);
  }
  const wrongType = wrongTypeInWords(file.type, contentTypes);
  if (wrongType !== undefined) throw wrong('file', wrongType);
  if (new TextEncoder().encode(text).length > maxTextBytes) {
    throw wrong('text', `The text is too long. The maximum is ${sizeInWords(maxTextBytes)}.`);
  }
  return file;
}

import { UNKNOWN_TYPE } from './api.ts';
import { Problem } from './problem.ts';
import type { PageSettings } from './settings.ts';
import { sizeInWords, typesInWords } from './words.ts';

/** Returns the file when nothing is known to be wrong without asking the API. Throws a Problem with the field. */
export function checkInput(file: File | undefined, text: string, settings: PageSettings): File {
  const { maxSize, maxTextBytes, contentTypes } = settings;
  const wrong = (field: 'file' | 'text', message: string) => new Problem('input', message, field);
  if (!file) throw wrong('file', 'Choose a file.');
  if (file.size > maxSize) {
    const size = sizeInWords(file.size);
    throw wrong('file', `The file is too large: it has ${size}, and ${sizeInWords(maxSize)} is the most.`);
  }
  const type = file.type === '' ? UNKNOWN_TYPE : file.type;
  if (contentTypes.length > 0 && !contentTypes.includes(type)) {
    const shown = file.type === '' ? 'a file of an unknown type' : `a file of type ${type}`;
    throw wrong('file', `This is ${shown}, and only ${typesInWords(contentTypes)} is taken.`);
  }
  if (new TextEncoder().encode(text).length > maxTextBytes) {
    throw wrong('text', `The text is too long: ${sizeInWords(maxTextBytes)} is the most.`);
  }
  return file;
}

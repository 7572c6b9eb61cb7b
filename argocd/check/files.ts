/** The files of an environment's claims, each on its own: one that is wrong keeps all of the environment from being built. */
import { join } from 'node:path';
import { parseDocument } from 'yaml';
import { readClaimFile } from '../../apis/admission.ts';
import { messageOf } from '../../tools/errors.ts';
import { type Files, LIST, listed, unlisted } from '../promote/claims.ts';

export interface WrongFiles {
  /** One line each. */
  errors: string[];
  /** Those that the list names and kustomize cannot build, or builds to what is no claim. */
  unusable: string[];
}

/**
 * What is wrong with the files themselves: not listed, not there, no YAML, no claim.
 *
 * @param root - of the repository.
 * @param folder - of the claims, below the root.
 */
export function wrongFiles(root: string, folder: string, files: Files): WrongFiles {
  const list = files.get(LIST);
  // kustomize says itself what is wrong with the list.
  if (list === undefined || parseDocument(list.toString()).errors.length > 0)
    return { errors: [], unusable: [] };
  const errors = unlisted(files).map(
    (path) =>
      `${folder}/${path}: is not listed in ${LIST}, and so no environment has it. List it, or remove it.`,
  );
  // Others in the list are folders and addresses.
  const claims = listed(list).filter((path) => /^[^/]+\.ya?ml$/.test(path));
  const unusable = claims.filter((path) => {
    if (!files.has(path)) {
      errors.push(
        `${folder}/${LIST}: resources: ${JSON.stringify(path)} is no file there. Add the file, or take it out of the list.`,
      );
      return true;
    }
    try {
      readClaimFile(join(root, folder, path));
      return false;
    } catch (error) {
      errors.push(messageOf(error).replaceAll(`${root}/`, '').replace(`${folder}/${path}`, '$&:'));
      return true;
    }
  });
  return { errors, unusable };
}

/** Checks each file of an environment's claims separately, since one wrong file prevents the build of the whole environment. */
import { join } from 'node:path';
import { parseDocument } from 'yaml';
import { readClaimFile } from '../../apis/admission.ts';
import { messageOf } from '../../tools/errors.ts';
import { type Files, LIST, listed, unlisted } from '../promote/claims.ts';

export interface WrongFiles {
  /** The problems, one line each. */
  readonly errors: string[];
  /** The listed files that kustomize cannot build, or that are not claims. */
  readonly unusable: string[];
}

/**
 * The problems of the files themselves: not listed, missing, not YAML, or not a claim.
 *
 * @param root - the root folder of the repository
 * @param folder - the folder of the claims, relative to the root
 */
export function wrongFiles(root: string, folder: string, files: Files): WrongFiles {
  const list = files.get(LIST);
  // kustomize itself reports an error in the list.
  if (list === undefined || parseDocument(list.toString()).errors.length > 0)
    return { errors: [], unusable: [] };
  const errors = unlisted(files).map(
    (path) =>
      `${folder}/${path}: is not listed in ${LIST}, and so no environment has it. List it, or remove it.`,
  );
  // Other entries of the list are folders and URLs.
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

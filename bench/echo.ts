/**
 * The baseline: a function of the same SDK that does nothing. It decodes the request and encodes the response as the SDK does, and
 * answers each request tag with the response that the first argument's folder has for it, in `<tag>.bin`.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { RunFunctionResponse, serve } from '@crossplane-org/function-sdk-typescript';

const [folder = '', ...argv] = process.argv.slice(2);
const responses = new Map(
  readdirSync(folder).map((file) => [
    file.replace(/\.bin$/, ''),
    RunFunctionResponse.decode(readFileSync(join(folder, file))),
  ]),
);

serve(
  (request) => {
    const response = responses.get(request.meta?.tag ?? '');
    if (!response) throw new Error(`${folder} has no response for ${request.meta?.tag}`);
    return response;
  },
  { name: 'echo', argv },
);

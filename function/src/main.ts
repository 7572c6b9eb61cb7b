/** The function's server. The handlers' zips lie beside the bundle. */
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { serve } from '@crossplane-org/function-sdk-typescript';
import { readCatalogue } from './catalogue.ts';
import { createCompose } from './compose.ts';

const handlers = join(dirname(fileURLToPath(import.meta.url)), 'handlers');
serve(createCompose(readCatalogue(handlers)), { name: 'function-fileingest' });

import { createHash } from 'node:crypto';
import { MAX_TEXT_BYTES } from './announcement.ts';
import { type Answer, json } from './answers.ts';
import type { Settings } from './settings.ts';

/** The placeholder in the page for its settings. */
export const SETTINGS_MARK = '%SETTINGS%';

/**
 * The answer to `GET /`. Its policy allows only the page's own script and style, by their digests, and requests to this
 * API and to the bucket's address. No other page can frame it.
 * https://developer.mozilla.org/en-US/docs/Web/HTTP/Reference/Headers/Content-Security-Policy
 *
 * @param html - the page with everything inlined and one `%SETTINGS%` in an attribute
 * @param uploadUrl - the URL of the upload forms
 */
export function pageAnswer(html: string, settings: Settings, uploadUrl: string): Answer {
  const known = {
    authorization: settings.authorization,
    maxSize: settings.maxSize,
    maxTextBytes: MAX_TEXT_BYTES,
    contentTypes: settings.contentTypes,
  };
  const policy = [
    "default-src 'none'",
    `script-src ${digests(html, 'script')}`,
    `style-src ${digests(html, 'style')}`,
    `connect-src 'self' ${uploadUrl}`,
    'img-src data:',
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ];
  const { headers } = json(
    200,
    {},
    {
      'content-type': 'text/html; charset=utf-8',
      'content-security-policy': policy.join('; '),
      'referrer-policy': 'no-referrer',
      'cross-origin-opener-policy': 'same-origin',
      'strict-transport-security': 'max-age=31536000',
    },
  );
  return {
    statusCode: 200,
    headers,
    body: html.replace(SETTINGS_MARK, () => attribute(JSON.stringify(known))),
  };
}

function digests(html: string, element: string): string {
  const contents = [...html.matchAll(new RegExp(`<${element}>(.*?)</${element}>`, 'gs'))];
  const hash = (text: string): string => createHash('sha256').update(text).digest('base64');
  return contents.map(([, text = '']) => `'sha256-${hash(text)}'`).join(' ') || "'none'";
}

function attribute(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('"', '&quot;').replaceAll('<', '&lt;');
}
